import type { Feeds, Results } from './host-tensor.ts';
import type { Target } from './target.ts';

/** Tensors, or how to make them for the device and precision that the run turns out to use. */
export type FeedsFor = Feeds | ((target: Target) => Feeds);

/** A model that can be run, for as long as it is not closed; whether it is in memory right now is the runtime's concern. */
export interface Session {
  readonly name: string;
  /**
   * Computes all outputs. Runs of all sessions of a runtime take place one after another. `feeds` are not changed, and
   * must not be until the run is over. A function is called once more when the device fails and the CPU takes over.
   *
   * @throws FeedsError when `feeds` are not what the graph asks for, {@link OutOfMemoryError} when the CPU's memory
   * ran out, {@link InferenceFailedError} with what onnxruntime said, {@link InferenceWorkerStoppedError} when the worker
   * died, and the signal's reason as soon as it is aborted.
   */
  run(feeds: FeedsFor, signal?: AbortSignal): Promise<Results>;
  /** The session is not used any more. Its memory goes when another model needs the place, or with the runtime. */
  close(): void;
}
