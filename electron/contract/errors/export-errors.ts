import { PatchlightError } from './patchlight-error.ts';

/** An export cannot be made of this analysis. */
export class ExportUnavailableError extends PatchlightError {
  readonly code = 'export-unavailable';
}

/** A video could not be encoded. */
export class ExportFailedError extends PatchlightError {
  readonly code = 'export-failed';
}

/** The name of an export's target is wrong: it leaves its folder, says too little, or is that of something else. */
export class TargetInvalidError extends PatchlightError {
  readonly code = 'target-invalid';
}

/** There is a file already where an export should go. */
export class TargetExistsError extends PatchlightError {
  readonly code = 'target-exists';
}
