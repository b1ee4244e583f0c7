import type { BackboneRecipe } from '#native-models/training/backbone-phase.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';
import type { Course } from './course.ts';
import type { Recipe } from './recipe.ts';
import { sum } from './sum.ts';

/** A part of the training of a backbone. */
export interface BackboneStage {
  readonly name: string;
  /** Share of a sample's tokens that a step shows. */
  readonly seen: number;
  /** How many times likelier a token of the figure is among them than another. */
  readonly figureOdds: number;
  /** How much of the whole training's time it takes, beside the others. */
  readonly time: number;
  /** From where the learning rate falls to where, of the recipe's. */
  readonly rates: readonly [first: number, last: number];
  /** How much the regions of the figure count, of what the recipe says. */
  readonly regions: number;
}

/**
 * From easy to hard: mostly the figure; as much of a sample as an interpreter leaves of it, chosen a little better than by
 * chance; all of it. The earlier, the cheaper a step. Once regions are known, classes may decide what is learnt.
 */
export const STAGES: readonly BackboneStage[] = [
  { name: '1-figure', seen: 1 / 4, figureOdds: 20, time: 0.15, rates: [1, 1], regions: 1 },
  { name: '2-surroundings', seen: 7 / 16, figureOdds: 3, time: 0.45, rates: [1, 0.1], regions: 0.25 },
  { name: '3-everything', seen: 1, figureOdds: 1, time: 0.2, rates: [0.3, 0.003], regions: 0.25 },
];

/** From `firstStage` on. Where attention cannot be shown a part of the tokens, it sees all of them all the time. */
export function backboneStages({ recipe, inParts }: Pick<Course, 'recipe' | 'inParts'>): readonly BackboneStage[] {
  const { firstStage } = recipe;
  if (inParts || firstStage > STAGES.length) return STAGES.slice(firstStage - 1);
  const time = sum(STAGES.map((stage) => stage.time));
  return STAGES.slice(-1).map((stage) => ({ ...stage, time, rates: [1, 0.01], regions: 1 }));
}

/** How the backbone of `recipe` is taught in `stage`; `tokenCount` are the tokens of a sample. */
export function backboneRecipe(
  { labelSmoothing, tokenClassWeight, ...recipe }: Recipe,
  { seen, figureOdds, regions }: BackboneStage,
  tokenCount: number,
): BackboneRecipe {
  const [regionWeight, earlyRegionWeight] = [regions * recipe.regionWeight, regions * recipe.earlyRegionWeight];
  const seenTokens = seen === 1 ? null : Math.max(1, Math.round(seen * tokenCount));
  return { labelSmoothing, regionWeight, earlyRegionWeight, tokenClassWeight, seenTokens, figureOdds };
}

export function backboneTraining(
  { learningRate, seed }: Recipe,
  { rates: [first, last] }: BackboneStage,
  steps: number,
): TrainingSettings {
  return {
    steps,
    microBatches: 1,
    optimizer: { kind: 'muon', momentum: 0.95, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
    schedule: {
      peakLearningRate: first * learningRate,
      finalLearningRate: last * learningRate,
      warmUpSteps: Math.min(200, Math.floor(steps / 20)),
    },
    clipNorm: 1,
    seed,
  };
}
