import type { Validation } from '#native-models/training/validate.ts';

/** Tried one after another, from the one that policies are trained for downwards. */
export const LOWER_THRESHOLDS = [0.45, 0.4, 0.35, 0.3] as const;

export interface ChosenThreshold {
  readonly threshold: number;
  readonly validation: Validation;
}

/**
 * The highest threshold at which no more than `tolerance` of the answers is lost against the full model's; the one of the
 * training where even the lowest loses more.
 *
 * @param trained What the threshold of the training gives.
 * @param tolerance Share of the clips.
 */
export async function chooseThreshold(
  trained: ChosenThreshold,
  tolerance: number,
  judge: (threshold: number) => Promise<Validation>,
): Promise<ChosenThreshold> {
  if (lossOf(trained.validation) <= tolerance) return trained;
  for (const threshold of LOWER_THRESHOLDS) {
    const validation = await judge(threshold);
    if (lossOf(validation) <= tolerance) return { threshold, validation };
  }
  return trained;
}

function lossOf({ fullAccuracy, accuracy }: Validation): number {
  return fullAccuracy - accuracy;
}
