/** How the learning rate changes over a run: a straight line up, then half a cosine down (Loshchilov and Hutter 2017). */
export interface ScheduleSettings {
  readonly peakLearningRate: number;
  /** What the cosine ends at. */
  readonly finalLearningRate: number;
  /** Steps until the peak; 0 begins there. */
  readonly warmUpSteps: number;
}

/**
 * The learning rate of step `step` of `steps`, counted from 0. It depends on nothing else, so a resumed run needs to
 * know only where it was.
 */
export function learningRateAt(schedule: ScheduleSettings, step: number, steps: number): number {
  const { peakLearningRate: peak, finalLearningRate: final, warmUpSteps } = schedule;
  if (step < warmUpSteps) return peak * ((step + 1) / warmUpSteps);
  const progress = (step - warmUpSteps) / Math.max(1, steps - warmUpSteps);
  return final + ((peak - final) * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2;
}
