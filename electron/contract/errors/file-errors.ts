import { PatchlightError } from './patchlight-error.ts';

/** The path names nothing, or something that is not a plain readable file. */
export class FileNotFoundError extends PatchlightError {
  readonly code = 'file-not-found';
}

/** The file has no bytes. */
export class EmptyFileError extends PatchlightError {
  readonly code = 'file-empty';
}

/** A result cannot be written where it was asked for. */
export class UnwritableFileError extends PatchlightError {
  readonly code = 'file-unwritable';
}

/** There is no room left on the disk. */
export class DiskFullError extends PatchlightError {
  readonly code = 'disk-full';
}

/** A page asked for a file that nobody has opened. */
export class UnknownFileError extends PatchlightError {
  readonly code = 'file-unknown';
}
