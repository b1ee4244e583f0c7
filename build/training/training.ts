import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { DrawnBatches } from '#native-models/training/drawn-batches.ts';
import { inputSelection } from '#native-models/training/fresh-interpreter.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import type { TrainingEvent } from '#native-models/training/train-loop.ts';
import type { Validation } from '#native-models/training/validate.ts';
import { type Course, samplesOf } from './course.ts';
import type { Budget } from './plan.ts';
import { batchOfReplica, type Recipe } from './recipe.ts';
import type { TrainingStart } from './training-start.ts';

export interface ModelTrainingOptions {
  readonly course: Course;
  /** Folder of the bundle to go on from; `null` begins with random weights. */
  readonly start: string | null;
  readonly budget: Budget;
  /** Where the training is kept, and the bundle is written. */
  readonly directory: string;
  /** What the bundle is called. */
  readonly name: string;
  /** Samples of the validation split that the result is judged by, rounded up to whole batches. */
  readonly validationSamples: number;
  /** Share of the validation samples that may be lost by dropping patches: the threshold is lowered until it is not more. */
  readonly tolerance: number;
  /** Of the phases after the backbone's, and of judging. */
  readonly runtime: InferenceRuntime;
  /** One for each part of a batch of the backbone's. */
  readonly replicas: readonly InferenceRuntime[];
  /** Threads that draw. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

export type ModelTrainingEvent =
  | { readonly kind: 'planned'; readonly steps: number; readonly resumed: boolean }
  | {
      readonly kind: 'phase';
      /** `backbone 1-figure` …, `1-policy`, `2-fine-tune` … */
      readonly name: string;
      readonly event: Exclude<TrainingEvent, { readonly kind: 'done' }>;
    }
  | { readonly kind: 'validated'; readonly after: string; readonly validation: Validation }
  | { readonly kind: 'written'; readonly bundle: Bundle };

/** How a model came about. */
export interface TrainingSummary {
  readonly recipe: Recipe;
  /** What it went on from; `null` for random weights. */
  readonly start: TrainingStart | null;
  /** Of all phases together. */
  readonly steps: number;
  /** Spent on the steps of the backbone, over all sittings. */
  readonly backboneSeconds: number;
  /** The same of the phases after it. */
  readonly selectionSeconds: number;
  /** Share of right answers on all patches before selection was learnt. */
  readonly backboneAccuracy: number;
  /** Patches that score above it are kept; `null` without selection. */
  readonly threshold: number | null;
  /** At this threshold. */
  readonly validation: Validation;
}

/** Events on the way to a `T`. */
export type Events<T> = AsyncGenerator<ModelTrainingEvent, T, void>;

/** The model of `course` on `runtime`, for the part of a batch that one runtime computes. */
export function modelOn(
  runtime: InferenceRuntime,
  { recipe, architecture, selection }: Course,
  threshold?: number,
): SelectingModel {
  const { threshold: usual, ...rest } = selection ?? inputSelection(architecture, { threshold: 0.5 });
  const batchSize = batchOfReplica(recipe);
  return new SelectingModel({
    runtime,
    config: architecture,
    selection: { ...rest, threshold: threshold ?? usual },
    batchSize,
  });
}

/** Samples of the training split; each stage sees them in an order of its own. */
export function samplesFor(stage: number, { course, workers, replicas }: ModelTrainingOptions): DrawnBatches {
  return new DrawnBatches({
    ...samplesOf(course, 'train', course.recipe.samples, stage),
    workers,
    ahead: workers + replicas.length,
  });
}
