import { PatchlightError } from './patchlight-error.ts';

/** A graph was built from values that do not fit together. A mistake of the program, or of a model's weights. */
export class GraphError extends PatchlightError {
  readonly code = 'graph-invalid';
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
