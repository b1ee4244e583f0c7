/**
 * What people call images that are read: endings of file names, without the dot. Whether a file is an image is found out when
 * it is opened.
 */
export const IMAGE_EXTENSIONS: readonly string[] = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff', 'gif'];
