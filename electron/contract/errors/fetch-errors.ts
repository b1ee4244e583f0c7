import { PatchlightError } from './patchlight-error.ts';

/** What should be fetched is neither the address of a file nor the name of a repository, or an address that is not asked. */
export class SourceInvalidError extends PatchlightError {
  readonly code = 'source-invalid';
}

/** There is nothing at the address, or not what a model needs. */
export class SourceMissingError extends PatchlightError {
  readonly code = 'source-missing';
}

/** The server gives the file only to people that it knows. */
export class SourceRefusedError extends PatchlightError {
  readonly code = 'source-refused';
}

/** What the address gives is no file of weights: a web page, for instance. */
export class SourceUnsuitableError extends PatchlightError {
  readonly code = 'source-unsuitable';
}

/** The server cannot be reached: no network, no such host, a proxy or a certificate in the way. */
export class SourceUnreachableError extends PatchlightError {
  readonly code = 'source-unreachable';
}

/** The connection was lost while a file came, or the server could not go on. */
export class DownloadInterruptedError extends PatchlightError {
  readonly code = 'download-interrupted';
}

/** The file is larger than any checkpoint that Patchlight would fetch. */
export class DownloadTooLargeError extends PatchlightError {
  readonly code = 'download-too-large';
}

/** What arrived is not what its publisher says it is. */
export class ChecksumMismatchError extends PatchlightError {
  readonly code = 'checksum-mismatch';
}

/** The same checkpoint is being fetched already. */
export class FetchUnderWayError extends PatchlightError {
  readonly code = 'fetch-under-way';
}

/** Weights were to be fetched whose licence nobody has accepted. */
export class LicenceNotAcceptedError extends PatchlightError {
  readonly code = 'licence-not-accepted';
}
