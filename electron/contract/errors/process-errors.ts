import { PatchlightError } from './patchlight-error.ts';

/** The command line was used in a way that it does not understand. */
export class UsageError extends PatchlightError {
  readonly code = 'usage';
}

/** A process asked for something in a way that the contract does not allow. */
export class RequestInvalidError extends PatchlightError {
  readonly code = 'request-invalid';
}

/** A process asked for something that the contract does not have. */
export class UnknownProcedureError extends PatchlightError {
  readonly code = 'procedure-unknown';
}

/** A connection has more calls under way than any honest program makes. */
export class TooManyCallsError extends PatchlightError {
  readonly code = 'too-many-calls';
}

/** The connection to another part of the program ended while it was needed. */
export class ConnectionLostError extends PatchlightError {
  readonly code = 'connection-lost';
}

/** A job that is not in the list (any more), or that cannot do what was asked for in its state. */
export class JobUnavailableError extends PatchlightError {
  readonly code = 'job-unavailable';
}

/** A stored result is not there (any more), or is in use. */
export class ResultUnavailableError extends PatchlightError {
  readonly code = 'result-unavailable';
}

/** The engine's process ended too often. */
export class EngineStoppedError extends PatchlightError {
  readonly code = 'engine-stopped';
}

/** Another Patchlight works with the same folder of data. */
export class AlreadyRunningError extends PatchlightError {
  readonly code = 'already-running';
}

/** The window's pages were not built. */
export class RendererMissingError extends PatchlightError {
  readonly code = 'renderer-missing';
}

/** A server cannot listen where it was told to. */
export class PortUnavailableError extends PatchlightError {
  readonly code = 'port-unavailable';
}

/** This window, or this browser, cannot do that. */
export class NotOfferedError extends PatchlightError {
  readonly code = 'not-offered';
}
