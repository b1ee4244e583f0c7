import { z } from 'zod';
import type { Phase } from '#native-models/training/train-phases.ts';

/** How the short trainings of a table are done, all of them alike. */
export const shortTrainingSchema = z.strictObject({
  /** They are short, and without fine-tuning: they compare ways of learning, not what is reached in the end. */
  short: z.literal(true),
  steps: z.int().min(1),
  batch: z.int().min(1),
  optimizer: z.string(),
  learningRate: z.number(),
  seed: z.int(),
});
export type ShortTraining = z.infer<typeof shortTrainingSchema>;

/** Decides where the interpreters begin, what they see, and what is drawn. */
export const TRAINING_SEED = 1;

/** Different training clips or images: more than a short training can see. */
export const TRAINING_SAMPLES = 1_000_000;

export interface ShortTrainingSizes {
  /** Steps of each short training of an interpreter. */
  readonly steps: number;
  /** Clips or images of a step. */
  readonly batch: number;
  /** Peak learning rate of the interpreters. */
  readonly learningRate: number;
}

export function shortTrainingOf({ steps, batch, learningRate }: ShortTrainingSizes): ShortTraining {
  return { short: true, steps, batch, optimizer: 'AdamW', learningRate, seed: TRAINING_SEED };
}

type PolicyPhase = Extract<Phase, { readonly kind: 'policy' }>;

/** What one training has that the others of its table have not. */
export type ShortTrainingWay = Pick<PolicyPhase, 'reward' | 'estimator' | 'group'>;

/** The one phase of a short training. */
export function shortPhase(way: ShortTrainingWay, { steps, learningRate }: ShortTrainingSizes): PolicyPhase {
  return {
    kind: 'policy',
    ...way,
    explorationBound: null,
    entropyBonus: 0,
    training: {
      steps,
      microBatches: 1,
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
      schedule: {
        peakLearningRate: learningRate,
        finalLearningRate: learningRate / 100,
        warmUpSteps: Math.floor(steps / 20),
      },
      clipNorm: 1,
      seed: TRAINING_SEED,
    },
  };
}
