import { describe, expect, it } from 'vitest';
import { UsageError } from '#contract/errors.ts';
import { resolveRecipe, type TrainingRequest } from '#engine/training/resolve-recipe.ts';
import { phasesOf } from '#engine/training/training-recipe.ts';
import type { Manifest } from '#native-models/bundle/manifest.ts';

const REQUEST: TrainingRequest = {
  pseudoLabels: false,
  rounds: 1,
  batch: 8,
  accumulate: 1,
  estimator: 'reinforce',
  reward: 'squared',
  exploration: null,
  entropy: 0,
  learningRate: 3e-3,
  fineTuneLearningRate: 5e-5,
  flip: true,
  heldOut: 0.2,
  seed: 1,
};
const plain = { selection: null } as Manifest;
const selecting = {
  selection: { heads: 6, threshold: 0.3, groups: [{ firstBlock: 0, blocks: 2 }] },
} as unknown as Manifest;

const stepsOf = (request: Partial<TrainingRequest>, clips = 8000, manifest = plain) => {
  const { policySteps, fineTuneSteps } = resolveRecipe({ ...REQUEST, ...request }, manifest, clips);
  return [policySteps, fineTuneSteps];
};

describe('the recipe of a training', () => {
  it("has the paper's five epochs for the interpreter and one for the blocks", () => {
    expect(stepsOf({})).toEqual([5000, 1000]);
    expect(stepsOf({ accumulate: 4 })).toEqual([1250, 250]);
  });

  it('goes through small data sets more often', () => {
    expect(stepsOf({}, 40)).toEqual([500, 100]);
  });

  it('leaves the backbone alone with pseudo-labels unless asked', () => {
    expect(stepsOf({ pseudoLabels: true }, 40)).toEqual([600, 0]);
    expect(stepsOf({ pseudoLabels: true, fineTuneSteps: 30 }, 40)).toEqual([600, 30]);
  });

  it('takes steps or epochs for both together, and steps for each', () => {
    expect(stepsOf({ steps: 60 })).toEqual([50, 10]);
    expect(stepsOf({ epochs: 0.6 })).toEqual([500, 100]);
    expect(stepsOf({ policySteps: 20 })).toEqual([20, 4]);
    expect(stepsOf({ policySteps: 20, fineTuneSteps: 0 })).toEqual([20, 0]);
  });

  it('refuses what teaches nothing', () => {
    expect(() => stepsOf({ policySteps: 0, fineTuneSteps: 0 }, 10, selecting)).toThrow(UsageError);
    expect(() => stepsOf({ policySteps: 0, fineTuneSteps: 5 })).toThrow('no interpreter');
    expect(stepsOf({ policySteps: 0, fineTuneSteps: 5 }, 10, selecting)).toEqual([0, 5]);
  });

  it("keeps the model's threshold, and prizes agreement where the model's own answers are right", () => {
    const given = resolveRecipe(REQUEST, selecting, 10);
    expect(given).toMatchObject({ threshold: 0.3, tau: 1, agreement: null });
    const own = resolveRecipe({ ...REQUEST, pseudoLabels: true }, plain, 10);
    expect(own).toMatchObject({ threshold: 0.5, tau: 4, agreement: 0.97 });
    expect(resolveRecipe({ ...REQUEST, pseudoLabels: true, agreement: 0, tau: 2 }, plain, 10)).toMatchObject({
      agreement: null,
      tau: 2,
    });
  });

  it('alternates the two phases, with as many steps in each turn', () => {
    const recipe = resolveRecipe({ ...REQUEST, policySteps: 10, fineTuneSteps: 3, rounds: 3 }, plain, 10);
    expect(phasesOf(recipe).map(({ kind, training }) => [kind, training.steps])).toEqual([
      ['policy', 3],
      ['fine-tune', 1],
      ['policy', 3],
      ['fine-tune', 1],
      ['policy', 4],
      ['fine-tune', 1],
    ]);
    expect(phasesOf({ ...recipe, fineTuneSteps: 0 }).every(({ kind }) => kind === 'policy')).toBe(true);
  });

  it('takes the interpreter of the model, and a motion-aware one only where there is motion', () => {
    const architecture = { kind: 'timesformer', numFrames: 8 };
    const video = { selection: null, architecture } as Manifest;
    expect(resolveRecipe(REQUEST, video, 10).interpreter).toBe('token');
    expect(resolveRecipe({ ...REQUEST, interpreter: 'motion-aware' }, video, 10).interpreter).toBe('motion-aware');
    const own = { ...video, selection: { ...selecting.selection, interpreter: 'motion-aware' } } as Manifest;
    expect(resolveRecipe(REQUEST, own, 10).interpreter).toBe('motion-aware');
    expect(() => resolveRecipe({ ...REQUEST, interpreter: 'token' }, own, 10)).toThrow(UsageError);
    const still = { ...video, architecture: { ...architecture, numFrames: 1 } } as Manifest;
    expect(() => resolveRecipe({ ...REQUEST, interpreter: 'motion-aware' }, still, 10)).toThrow(/compares frames/);
  });

  it('learns by the estimator that is asked for', () => {
    const kindOf = (request: Partial<TrainingRequest>) => {
      const [policy] = phasesOf(resolveRecipe({ ...REQUEST, ...request }, plain, 10));
      return policy?.kind === 'policy' ? policy.estimator?.kind : undefined;
    };
    expect(kindOf({})).toBe('reinforce');
    expect(kindOf({ estimator: 'gumbel' })).toBe('gumbel');
  });
});
