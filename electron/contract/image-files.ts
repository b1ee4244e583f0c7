/**
 * What people call images that are read: endings of file names, without the dot, and the media type that goes with each.
 * Whether a file is an image is found out when it is opened.
 */
export const IMAGE_FILES = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  gif: 'image/gif',
} as const satisfies Readonly<Record<string, string>>;

/** Without the dot. */
export const IMAGE_EXTENSIONS: readonly string[] = Object.keys(IMAGE_FILES);
