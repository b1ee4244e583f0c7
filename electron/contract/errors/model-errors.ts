import { PatchlightError } from './patchlight-error.ts';

/** The file breaks the rules of the safetensors format. */
export class SafetensorsInvalidError extends PatchlightError {
  readonly code = 'safetensors-invalid';
}

/** The checkpoint is damaged, or no checkpoint at all. */
export class CheckpointInvalidError extends PatchlightError {
  readonly code = 'checkpoint-invalid';
}

/** The checkpoint was written before PyTorch 1.6: a bare pickle instead of a zip archive. */
export class LegacyCheckpointError extends PatchlightError {
  readonly code = 'checkpoint-legacy';
}

/** The checkpoint asks for code to be run when it is read. */
export class ForbiddenGlobalError extends PatchlightError {
  readonly code = 'checkpoint-forbidden-global';
}

/** The weights in the checkpoint are not those of an architecture that Patchlight knows. */
export class CheckpointMismatchError extends PatchlightError {
  readonly code = 'checkpoint-mismatch';
}

/** The folder is no usable model bundle: something in it is missing, damaged, or points outside of it. */
export class BundleInvalidError extends PatchlightError {
  readonly code = 'bundle-invalid';
}

/** There is no model of that name. */
export class BundleNotFoundError extends PatchlightError {
  readonly code = 'bundle-not-found';
}

/** There is a model of that name already. */
export class BundleExistsError extends PatchlightError {
  readonly code = 'bundle-exists';
}

/** The model came with Patchlight and stays. */
export class BundleProtectedError extends PatchlightError {
  readonly code = 'bundle-protected';
}
