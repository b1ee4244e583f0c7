import { PatchlightError } from './patchlight-error.ts';

/** The file is no image of a kind that is read. */
export class NotAnImageError extends PatchlightError {
  readonly code = 'not-an-image';
}

/** The file is an image, of a kind or with a compression that is not read: HEIC, for instance. */
export class ImageKindError extends PatchlightError {
  readonly code = 'image-kind';
}

/** The image is damaged: cut off, or otherwise not what it says it is. */
export class ImageUnreadableError extends PatchlightError {
  readonly code = 'image-unreadable';
}

/** The image has more pixels, or more bytes, than are read. */
export class ImageTooLargeError extends PatchlightError {
  readonly code = 'image-too-large';
}

/** A model of the user's that should make heat maps does not: it takes no picture, or gives no map. */
export class OutsideModelError extends PatchlightError {
  readonly code = 'outside-model';
}
