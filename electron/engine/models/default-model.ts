/** A bundle that comes with Patchlight: taken where nobody has chosen a model. */
export const DEFAULT_MODEL = 'motions-tiny';
