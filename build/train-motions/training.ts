import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { MotionBatches } from '#native-models/training/motion-batches.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import type { TrainingEvent } from '#native-models/training/train-loop.ts';
import type { Validation } from '#native-models/training/validate.ts';
import type { Budget } from './plan.ts';
import { batchOfReplica, clipsOf, configOf, type Recipe, selectionOf } from './recipe.ts';

export interface TrainMotionsOptions {
  readonly recipe: Recipe;
  /** Folder of the bundle to go on from; `null` begins with random weights. */
  readonly start: string | null;
  readonly budget: Budget;
  /** Where the training is kept, and the bundle is written. */
  readonly directory: string;
  /** What the bundle is called. */
  readonly name: string;
  /** Clips of the validation split that the result is judged by, rounded up to whole batches. */
  readonly validationClips: number;
  /** Share of the validation clips that may be lost by dropping patches: the threshold is lowered until it is not more. */
  readonly tolerance: number;
  /** Of the phases after the backbone's, and of judging. */
  readonly runtime: InferenceRuntime;
  /** One for each part of a batch of the backbone's. */
  readonly replicas: readonly InferenceRuntime[];
  /** Threads that draw clips. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

export type TrainMotionsEvent =
  | { readonly kind: 'planned'; readonly steps: number; readonly resumed: boolean }
  | {
      readonly kind: 'phase';
      /** `backbone 1-figure` …, `1-policy`, `2-fine-tune` … */
      readonly name: string;
      readonly event: Exclude<TrainingEvent, { readonly kind: 'done' }>;
    }
  | { readonly kind: 'validated'; readonly after: string; readonly validation: Validation }
  | { readonly kind: 'written'; readonly bundle: Bundle };

/** Events on the way to a `T`. */
export type Events<T> = AsyncGenerator<TrainMotionsEvent, T, void>;

/** The model of `recipe` on `runtime`, for the part of a batch that one runtime computes. */
export function modelOn(runtime: InferenceRuntime, recipe: Recipe): SelectingModel {
  const [config, selection] = [configOf(recipe), selectionOf(recipe)];
  return new SelectingModel({ runtime, config, selection, batchSize: batchOfReplica(recipe) });
}

/** Clips of the training split; each stage sees them in an order of its own. */
export function clipsFor(stage: number, { recipe, workers, replicas }: TrainMotionsOptions): MotionBatches {
  return new MotionBatches({
    ...clipsOf(recipe, 'train', recipe.clips, stage),
    workers,
    ahead: workers + replicas.length,
  });
}
