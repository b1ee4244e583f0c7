import type { Orthogonalizer } from './orthogonalizer.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { RandomStream } from './random-stream.ts';
import type { JsonObject } from './run-settings.ts';

/** What one micro-batch gives. */
export interface StepResult {
  readonly loss: number;
  /** By parameter, each as large as the parameter. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** Whatever else is worth watching: means over the micro-batch. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Something that can be learnt. */
export interface TrainingTask<Batch> {
  /** Everything about the task that decides how a run comes out: data, model, loss. */
  readonly identity: JsonObject;
  /** Where a new run begins. Only what is trained; what is held fixed is the task's own. */
  readonly initial: ParameterSet;
  /** For the optimisers that want one. */
  readonly orthogonalizer?: Orthogonalizer;
  /** Micro-batch `index`, counted from the beginning of the run. The same for the same index. */
  batch(index: number): Batch | Promise<Batch>;
  /**
   * Loss and gradients of one micro-batch. Depends on its arguments alone; all chance comes from `random`.
   *
   * @param parameters Must not be changed, nor kept beyond the step.
   */
  step(parameters: ParameterSet, batch: Batch, random: RandomStream, signal?: AbortSignal): Promise<StepResult>;
}
