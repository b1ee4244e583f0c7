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

/** The file is a list that points at other files or servers (a playlist, a concat script), which is never followed. */
export class PlaylistRefusedError extends PatchlightError {
  readonly code = 'playlist-refused';
}

/** The file holds pictures, and not one of them can be decoded. */
export class UndecodableVideoError extends PatchlightError {
  readonly code = 'video-undecodable';
}

/** ffmpeg or ffprobe is not installed, or not where we look. */
export class FfmpegMissingError extends PatchlightError {
  readonly code = 'ffmpeg-missing';
}

/** The file was not understood within the time limit. */
export class ProbeTimeoutError extends PatchlightError {
  readonly code = 'probe-timeout';
}

/** The decoder gave no picture within the time limit. */
export class DecodeTimeoutError extends PatchlightError {
  readonly code = 'decode-timeout';
}

/** The video cannot be converted into one that the player takes. */
export class PreviewFailedError extends PatchlightError {
  readonly code = 'preview-failed';
}

/** There is no room left on the disk. */
export class DiskFullError extends PatchlightError {
  readonly code = 'disk-full';
}

/** The part of the video that was asked for lies outside it. */
export class SpanOutsideVideoError extends PatchlightError {
  readonly code = 'span-outside-video';
}

/** The file is no image of a kind that is read. */
export class NotAnImageError extends PatchlightError {
  readonly code = 'not-an-image';
}

/** The file is an image, of a kind or with a compression that is not read: HEIC, for instance. */
export class ImageKindError extends PatchlightError {
  readonly code = 'image-kind';
}

/** The image is damaged: cut off, or otherwise not what it says it is. */
export class ImageUnreadableError extends PatchlightError {
  readonly code = 'image-unreadable';
}

/** The image has more pixels, or more bytes, than are read. */
export class ImageTooLargeError extends PatchlightError {
  readonly code = 'image-too-large';
}

/** A graph was built from values that do not fit together. A mistake of the program, or of a model's weights. */
export class GraphError extends PatchlightError {
  readonly code = 'graph-invalid';
}

/** The command line was used in a way that it does not understand. */
export class UsageError extends PatchlightError {
  readonly code = 'usage';
}

/** A result cannot be written where it was asked for. */
export class UnwritableFileError extends PatchlightError {
  readonly code = 'file-unwritable';
}

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

/** The model is of another kind than the work needs: an image model for a video, for instance. */
export class ModelKindError extends PatchlightError {
  readonly code = 'model-kind';
}

/** The model cannot choose tokens that way. */
export class SelectorUnavailableError extends PatchlightError {
  readonly code = 'selector-unavailable';
}

/** The device that was asked for does not work on this computer. */
export class DeviceUnavailableError extends PatchlightError {
  readonly code = 'device-unavailable';
}

/** A model does not fit into memory. */
export class OutOfMemoryError extends PatchlightError {
  readonly code = 'out-of-memory';
}

/** A graph was given tensors that are not what its inputs ask for. A mistake of the program. */
export class FeedsError extends PatchlightError {
  readonly code = 'feeds-invalid';
}

/** onnxruntime could not load or run a graph. */
export class InferenceFailedError extends PatchlightError {
  readonly code = 'inference-failed';
}

/** The inference worker ended while it was needed. */
export class InferenceWorkerStoppedError extends PatchlightError {
  readonly code = 'inference-worker-stopped';
}

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

/** The data set has entries that cannot be used, or is none. */
export class DataSetInvalidError extends PatchlightError {
  readonly code = 'data-set-invalid';
}

/** The progress that was kept belongs to other work than the one that should go on. */
export class ResumeMismatchError extends PatchlightError {
  readonly code = 'resume-mismatch';
}

/** Not one video of the data set could be judged. */
export class NothingEvaluatedError extends PatchlightError {
  readonly code = 'nothing-evaluated';
}

/** What an interrupted training left is damaged, or belongs to another model. */
export class TrainingCheckpointInvalidError extends PatchlightError {
  readonly code = 'training-checkpoint-invalid';
}

/** There is nothing that says what is right, and something is to be learnt from it. */
export class MissingLabelsError extends PatchlightError {
  readonly code = 'labels-missing';
}

/** The numbers of a training grew beyond all bounds. */
export class TrainingDivergedError extends PatchlightError {
  readonly code = 'training-diverged';
}

/** Another training works in the same folder. */
export class TrainingUnderWayError extends PatchlightError {
  readonly code = 'training-under-way';
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

/** A page asked for a file that nobody has opened. */
export class UnknownFileError extends PatchlightError {
  readonly code = 'file-unknown';
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
