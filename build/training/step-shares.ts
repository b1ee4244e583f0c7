import { backboneStages } from './backbone-stages.ts';
import { type Course, turnCount } from './course.ts';
import { sum } from './sum.ts';

/** How the steps of a training are shared out: by time, where a step takes as long as it shows tokens. */
export interface StepShares {
  /** For each of {@link backboneStages}. */
  readonly backbone: readonly number[];
  /** Of each policy phase. */
  readonly policy: number;
  /** Of each fine-tune phase. */
  readonly fineTune: number;
  /** How long a step takes in the mean, where one that shows all tokens takes 1. */
  readonly meanCost: number;
}

/** Shares of all steps. */
export function stepShares(course: Course): StepShares {
  const stages = backboneStages(course);
  const turns = turnCount(course);
  const { policyTime, fineTuneTime } = turns === 0 ? { policyTime: 0, fineTuneTime: 0 } : course.recipe;
  const perTime = sum(stages.map(({ time, seen }) => time / seen)) + policyTime + fineTuneTime;
  const share = (time: number) => (turns === 0 ? 0 : time / turns / perTime);
  return {
    backbone: stages.map(({ time, seen }) => time / seen / perTime),
    policy: share(policyTime),
    fineTune: share(fineTuneTime),
    meanCost: (sum(stages.map(({ time }) => time)) + policyTime + fineTuneTime) / perTime,
  };
}

/** `share` of `steps`, one at least. */
export function stepsOf(share: number, steps: number): number {
  return Math.max(1, Math.round(share * steps));
}
