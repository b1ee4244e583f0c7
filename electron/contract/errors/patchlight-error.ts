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
