/** A bundle that comes with Patchlight: taken where nobody has chosen a model. */
export const DEFAULT_MODEL = 'motions-tiny';

/** The image model that comes with Patchlight, which is used where none is named. */
export const DEFAULT_IMAGE_MODEL = 'shapes-deit-tiny';
