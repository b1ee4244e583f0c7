/**
 * Errors as people and programs meet them.
 *
 * Every failure that a user can cause or repair is one class with a stable `code`. The message says what is wrong and
 * with which file; the hint says what to do about it. Boundaries (command line, transports) call {@link toErrorData}.
 */

export * from './errors/export-errors.ts';
export * from './errors/fetch-errors.ts';
export * from './errors/file-errors.ts';
export * from './errors/image-errors.ts';
export * from './errors/inference-errors.ts';
export * from './errors/model-errors.ts';
export * from './errors/patchlight-error.ts';
export * from './errors/process-errors.ts';
export * from './errors/training-errors.ts';
export * from './errors/video-errors.ts';
