/** Readers of libvips that are let near a file: those of pictures made of pixels, and none that starts other programs. */
export const READERS: readonly string[] = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadHeif',
  'VipsForeignLoadTiff',
  'VipsForeignLoadNsgif',
];
