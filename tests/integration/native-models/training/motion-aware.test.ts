import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InterpreterKind, Selection } from '#native-models/bundle/manifest.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { ClipSource } from '#native-models/training/clip-source.ts';
import { fineTunePhase } from '#native-models/training/fine-tune-phase.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import type { EstimatorSettings } from '#native-models/training/policy-estimator.ts';
import { policyPhase } from '#native-models/training/policy-phase.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { train } from '#native-models/training/train-loop.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import { validate } from '#native-models/training/validate.ts';
import {
  brightPatches,
  decidingToken,
  freshParameters,
  SMALL,
  SMALL_SELECTION,
} from '../../../fixtures/training/bright-patch.ts';
import { adam } from '../../../fixtures/training/settings.ts';

const BATCH = 16;
const PATCHES = 16;
const isInterpreter = (name: string) => name.startsWith('interpreter.');

/** Beside the patch that decides, which is bright in one frame, one that is as bright in both and says nothing. */
function withDistractors(first = 0): ClipSource {
  const plain = brightPatches(BATCH, first);
  const { numFrames, imageSize, patchSize, classes } = SMALL;
  const across = imageSize / patchSize;
  return {
    ...plain,
    identity: { data: 'bright patches with distractors', first },
    async batch(index) {
      const { clips, labels } = await plain.batch(index);
      for (const [i, number] of plain.numbersOf(index).entries()) {
        const random = RandomStream.seeded(number, 4);
        const deciding = Math.floor(decidingToken(number) / numFrames);
        const patch = (deciding + 1 + random.below(PATCHES - 1)) % PATCHES;
        const colour = random.below(classes);
        for (let frame = 0; frame < numFrames; frame++) {
          for (let row = 0; row < patchSize; row++) {
            const y = Math.floor(patch / across) * patchSize + row;
            const begin =
              (((i * 3 + colour) * numFrames + frame) * imageSize + y) * imageSize + (patch % across) * patchSize;
            clips.fill(2, begin, begin + patchSize);
          }
        }
      }
      return { clips, labels };
    },
  };
}

let runtime: InferenceRuntime;
let backbone: ParameterSet;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  const { model, start, interpreter } = fresh('token');
  const whole = {
    model,
    backbone: start,
    interpreter,
    tokens: 'everything',
    trained: 'all',
    labelSmoothing: 0,
  } as const;
  const task = fineTunePhase({ ...whole, clips: brightPatches(BATCH), labels: { kind: 'given' } });
  backbone = start.with(await learnt(task, adam(120, 3e-3)));
});
afterAll(() => runtime[Symbol.asyncDispose]());

function fresh(kind: InterpreterKind) {
  const selection: Selection = { ...SMALL_SELECTION, interpreter: kind };
  const parameters = freshParameters(SMALL, selection, 1);
  return {
    model: new SelectingModel({ runtime, config: SMALL, selection, batchSize: BATCH }),
    start: parameters.only((name) => !isInterpreter(name)),
    interpreter: parameters.only(isInterpreter),
  };
}

async function learnt<B>(task: TrainingTask<B>, settings: TrainingSettings): Promise<ParameterSet> {
  for await (const event of train(task, settings)) if (event.kind === 'done') return event.parameters;
  throw new Error('The run did not end.');
}

/** On clips with a distractor, of a backbone that has never seen one. */
async function figuresOf(kind: InterpreterKind, estimator: EstimatorSettings) {
  const { model, interpreter } = fresh(kind);
  const task = policyPhase({
    model,
    backbone,
    interpreter,
    clips: withDistractors(),
    labels: { kind: 'given' },
    reward: { shape: 'squared', tau: 1 },
    explorationBound: null,
    entropyBonus: 0,
    estimator,
  });
  const taught = await learnt(task, adam(200, 1e-2));
  return await validate(model, { backbone, interpreter: taught }, withDistractors(1_000_000), 8);
}

describe('a motion-aware interpreter', () => {
  it('learns to drop what stands still, which one that sees tokens alone cannot tell', async () => {
    const [moving, still] = [
      await figuresOf('motion-aware', { kind: 'reinforce' }),
      await figuresOf('token', { kind: 'reinforce' }),
    ];
    expect(moving.accuracy).toBeGreaterThan(0.95);
    expect(moving.keepRatio).toBeLessThan(0.15);
    expect(still.accuracy).toBeLessThan(0.8);
  });

  it('learns by Gumbel softmax, too', async () => {
    const moving = await figuresOf('motion-aware', { kind: 'gumbel', temperature: 1 });
    expect(moving.accuracy).toBeGreaterThan(moving.fullAccuracy + 0.05);
    expect(moving.keepRatio).toBeLessThan(0.15);
  });

  it('is for models that select once', () => {
    const groups = [0, 1].map((firstBlock) => ({ firstBlock, blocks: 1 }));
    const selection = { ...SMALL_SELECTION, interpreter: 'motion-aware', groups } as const;
    const make = () => new SelectingModel({ runtime, config: { ...SMALL, depth: 2 }, selection, batchSize: BATCH });
    expect(make).toThrow(RangeError);
  });
});
