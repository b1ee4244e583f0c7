/**
 * Errors as people and programs meet them.
 *
 * Every failure that a user can cause or repair is one class with a stable `code`. The message says what is wrong and
 * with which file; the hint says what to do about it. Boundaries (command line, transports) call {@link toErrorData}.
 */

/** An error as data: what crosses a process boundary. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly detail?: string;
}

interface ErrorParts {
  /** What the user can do about it, as a sentence. */
  readonly hint?: string;
  /** What the program underneath said, for a bug report. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/** Base of every error that Patchlight raises on purpose. */
export abstract class PatchlightError extends Error {
  abstract readonly code: string;
  readonly hint?: string;
  readonly detail?: string;

  constructor(message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    if (parts.hint !== undefined) this.hint = parts.hint;
    if (parts.detail !== undefined) this.detail = parts.detail;
  }
}

/** The path names nothing, or something that is not a plain readable file. */
export class FileNotFoundError extends PatchlightError {
  readonly code = 'file-not-found';
}

/** The file has no bytes. */
export class EmptyFileError extends PatchlightError {
  readonly code = 'file-empty';
}

/** The file is no video that ffmpeg can open. */
export class NotAVideoError extends PatchlightError {
  readonly code = 'not-a-video';
}

/** The file opens, but carries no moving pictures: sound only, or a cover picture. */
export class NoVideoStreamError extends PatchlightError {
  readonly code = 'no-video-stream';
}

/** The file is a video that was cut off before its index, so nothing in it can be decoded. */
export class IncompleteVideoError extends PatchlightError {
  readonly code = 'video-incomplete';
}

/** A graph was built from values that do not fit together. A mistake of the program, or of a model's weights. */
export class GraphError extends PatchlightError {
  readonly code = 'graph-invalid';
}

/** The model cannot choose tokens that way. */
export class SelectorUnavailableError extends PatchlightError {
  readonly code = 'selector-unavailable';
}

/** `value` as {@link ErrorData}; anything that is not a {@link PatchlightError} becomes `internal`. */
export function toErrorData(value: unknown): ErrorData {
  if (value instanceof PatchlightError) {
    return {
      code: value.code,
      message: value.message,
      ...(value.hint === undefined ? {} : { hint: value.hint }),
      ...(value.detail === undefined ? {} : { detail: value.detail }),
    };
  }
  const error = value instanceof Error ? value : new Error(String(value));
  return {
    code: 'internal',
    message: error.message,
    hint: 'This is a mistake in Patchlight. Please report it with the detail below.',
    ...(error.stack === undefined ? {} : { detail: error.stack }),
  };
}
