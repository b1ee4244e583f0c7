import type { Architecture, Manifest, Selection } from '#native-models/bundle/manifest.ts';
import type { DrawnBatchSettings } from '#native-models/training/drawn-batch.ts';
import { drawnData } from '#native-models/training/drawn-data.ts';
import { batchOfReplica, type Recipe } from './recipe.ts';

/** A model, the data set that it learns, and how. */
export interface Course {
  /** With whatever else decides about this course. */
  readonly recipe: Recipe;
  readonly architecture: Architecture;
  /** `null` for a model that learns no selection. */
  readonly selection: Selection | null;
  /** What cannot be trained, if that is so. */
  readonly fault: string | null;
  readonly data: Pick<DrawnBatchSettings, 'data' | 'frames'>;
  /** Whether attention can be shown a part of the tokens. */
  readonly inParts: boolean;
  /**
   * Rounds of a policy and a fine-tune phase of a model with one group, on all tokens or those that are kept; or
   * algorithm 1 of IA-RED², one turn for each group; none where there is no selection.
   */
  readonly turns: { readonly kind: 'rounds'; readonly count: number } | { readonly kind: 'groups' };
  /** What the bundle says of itself. */
  readonly bundle: Pick<Manifest, 'title' | 'sampling' | 'preprocessing'> & {
    readonly labels: readonly string[];
    /** What data it has learnt, for the card. */
    readonly about: string;
  };
}

/** Policy phases of `course`, and as many fine-tune phases. */
export function turnCount({ turns, selection }: Course): number {
  if (selection === null) return 0;
  return turns.kind === 'rounds' ? turns.count : selection.groups.length;
}

/** Samples of `split`; those of another `stage` come in another order. */
export function samplesOf(
  { recipe, data, bundle }: Course,
  split: DrawnBatchSettings['split'],
  samples: number,
  stage: number,
): DrawnBatchSettings {
  return {
    ...data,
    split,
    samples,
    batchSize: batchOfReplica(recipe),
    size: recipe.size,
    patchSize: recipe.patch,
    preprocessing: bundle.preprocessing,
    seed: recipe.seed + stage,
  };
}

/** Version of the data set that `course` is about. */
export const versionOf = ({ data }: Course): number => drawnData[data.data].version;
