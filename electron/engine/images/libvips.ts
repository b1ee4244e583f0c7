type Libvips = typeof import('sharp')['default'];

/** Readers that are let near a file, which can be anybody's: those of pictures made of pixels. */
const READERS = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadHeif',
  'VipsForeignLoadTiff',
  'VipsForeignLoadNsgif',
];

let loading: Promise<Libvips> | undefined;

/** libvips, loaded when the first image comes: nothing else of the program names the library. */
export function libvips(): Promise<Libvips> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Libvips> {
  const { default: sharp } = await import('sharp');
  // Opened images are not kept, so that memory is that of the image at hand.
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: READERS });
  return sharp;
}
