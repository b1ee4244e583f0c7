/** A rectangle; in which pixels is said where it is used. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where `object-fit: contain` shows a picture: as large as fits, in the middle, with bars beside or above it. */
export function contentBox(element: Size, picture: Size): Box {
  if (picture.width <= 0 || picture.height <= 0) return { x: 0, y: 0, ...element };
  const scale = Math.min(element.width / picture.width, element.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (element.width - width) / 2, y: (element.height - height) / 2, width, height };
}
