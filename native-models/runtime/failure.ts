import {
  FeedsError,
  FileNotFoundError,
  InferenceFailedError,
  OutOfMemoryError,
  type PatchlightError,
} from '#contract/errors.ts';
import type { Failure } from './messages.ts';

/** A failure that a worker reported, on its way to whoever can make something of it. */
export class WorkerFailure extends Error {
  readonly kind: Failure['kind'];

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'WorkerFailure';
    this.kind = failure.kind;
  }
}

/** How the runtimes and drivers underneath say that memory ran out. */
const OUT_OF_MEMORY = [
  /bad_alloc/i,
  /out[ _-]?of[ _-]?(device[ _-]|host[ _-])?memory/i,
  /not enough memory/i,
  /failed to allocate (memory|.*buffer)/i,
  /(array buffer )?allocation failed/i,
  /available memory of \d+ is smaller than requested/i,
  /CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED/,
  /8007000E/i,
];

/** Whether `message`, from onnxruntime or a driver, means that memory ran out. */
export function meansOutOfMemory(message: string): boolean {
  return OUT_OF_MEMORY.some((pattern) => pattern.test(message));
}

/** What was thrown inside a worker, as data. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof WorkerFailure) return { kind: thrown.kind, message: thrown.message };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: meansOutOfMemory(message) ? 'memory' : 'device', message };
}

/** The failure as users meet it, when there is no other device to turn to. */
export function errorOf(failure: WorkerFailure): PatchlightError {
  switch (failure.kind) {
    case 'feeds':
      return new FeedsError(`The model was given the wrong tensors. ${failure.message}`);
    case 'file':
      return new FileNotFoundError(failure.message, { hint: 'Import the model again.' });
    case 'memory':
      return new OutOfMemoryError('There is not enough memory to run this model.', {
        hint: 'Close other programs, keep fewer patches, or choose a smaller model.',
        detail: failure.message,
      });
    case 'device':
      return new InferenceFailedError('The model could not be run.', {
        hint: 'Import the model again; if that does not help, report this with the detail below.',
        detail: failure.message,
      });
  }
}
