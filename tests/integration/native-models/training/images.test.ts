import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeitConfig, Selection } from '#native-models/bundle/manifest.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { type BackboneRecipe, backbonePhase } from '#native-models/training/backbone-phase.ts';
import type { ClipSource, MaskedBatch, MaskedClipSource } from '#native-models/training/clip-source.ts';
import { curriculum } from '#native-models/training/curriculum.ts';
import { fineTunePhase } from '#native-models/training/fine-tune-phase.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import { validate } from '#native-models/training/validate.ts';
import { adam } from '../../../fixtures/training/settings.ts';

const DEIT: DeitConfig = {
  kind: 'deit',
  imageSize: 16,
  patchSize: 4,
  dim: 24,
  depth: 3,
  heads: 2,
  mlpDim: 48,
  classes: 3,
  layerNormEps: 1e-6,
};
const SELECTION: Selection = {
  heads: 3,
  threshold: 0.5,
  groups: [0, 1, 2].map((firstBlock) => ({ firstBlock, blocks: 1 })),
};
const BATCH = 4;
const TOKENS = 16;
const REGIONS = 2;

/** Images of noise; the first region is the upper half of each. */
function batchOf(index: number): MaskedBatch {
  const random = RandomStream.seeded(index, 5);
  const upper = (at: number) => (at % TOKENS < TOKENS / 2 ? 1 : 0);
  return {
    clips: Float32Array.from({ length: BATCH * 3 * 16 * 16 }, () => 2 * random.next() - 1),
    labels: Uint32Array.from({ length: BATCH }, () => random.below(DEIT.classes)),
    foreground: Float32Array.from({ length: BATCH * TOKENS }, (_, at) => upper(at)),
    regions: Float32Array.from({ length: BATCH * TOKENS * REGIONS }, (_, at) =>
      at % REGIONS === 0 ? upper(Math.floor(at / REGIONS)) : 0,
    ),
  };
}
const images: ClipSource & MaskedClipSource = {
  identity: { data: 'noise' },
  batchSize: BATCH,
  regionCount: REGIONS,
  batch: batchOf,
};

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

function fresh(): { readonly model: SelectingModel; readonly start: ModelParts } {
  const parameters = initialParameters(DEIT, SELECTION, 1);
  const random = RandomStream.seeded(2);
  // A head of zeros would hide every gradient behind it; and scores of one half would tell no token from another.
  for (const name of ['head.weight', ...SELECTION.groups.map((_, group) => `interpreter.${group}.qk.weight`)]) {
    parameters.get(name).forEach((_, i, values) => {
      values[i] = random.next() - 0.5;
    });
  }
  const isInterpreter = (name: string) => name.startsWith('interpreter.');
  return {
    model: new SelectingModel({ runtime, config: DEIT, selection: SELECTION, batchSize: BATCH }),
    start: { backbone: parameters.only((name) => !isInterpreter(name)), interpreter: parameters.only(isInterpreter) },
  };
}

describe('a DeiT of three groups', () => {
  it('goes through the curriculum: each group learns, and what it learns is finite', async () => {
    const { model, start } = fresh();
    const training = adam(2, 1e-3);
    const phases = curriculum(3, {
      policy: { reward: { shape: 'squared', tau: 1 }, explorationBound: null, entropyBonus: 0, training },
      fineTune: { trained: 'blocks', labelSmoothing: 0, training },
    });
    let parts = start;
    let done = 0;
    for await (const event of trainPhases({ model, start, clips: images, labels: { kind: 'given' }, phases })) {
      if (event.kind !== 'phase-done') continue;
      const { kind, group = 0 } = event.phase;
      const changed = (after: ParameterSet, before: ParameterSet) =>
        [...after.tensors].filter(([name, values]) => values.some((value, i) => value !== before.get(name)[i]));
      const [interpreters, blocks] = [
        changed(event.parts.interpreter, parts.interpreter).map(([name]) => name),
        changed(event.parts.backbone, parts.backbone).map(([name]) => name),
      ];
      if (kind === 'policy') {
        expect(blocks).toEqual([]);
        expect(new Set(interpreters.map((name) => name.split('.')[1]))).toEqual(new Set([String(group)]));
      } else {
        expect(interpreters).toEqual([]);
        const trained = new Set(blocks.map((name) => name.split('.').slice(0, 2).join('.')));
        for (const block of [0, 1, 2]) expect(trained.has(`blocks.${block}`), `${block}`).toBe(block >= group);
      }
      parts = event.parts;
      done++;
    }
    expect(done).toBe(6);
    for (const set of [parts.backbone, parts.interpreter]) expect(set.numbers.every(Number.isFinite)).toBe(true);
    const { keepRatio, clips } = await validate(model, parts, images, 2);
    expect(clips).toBe(8);
    expect(keepRatio).toBeGreaterThan(0);
    expect(keepRatio).toBeLessThan(1);
  });

  it('has the gradients of its loss, by differences in random directions', async () => {
    const { model, start } = fresh();
    const common = { model, ...start, clips: images, labels: { kind: 'given' }, labelSmoothing: 0.1 } as const;
    await expectDirections(fineTunePhase({ ...common, tokens: 'everything', trained: 'all' }), batchOf(0));
    await expectDirections(
      fineTunePhase({ ...common, tokens: 'interpreter', trained: 'blocks', group: 2 }),
      batchOf(0),
    );
  });
});

const RECIPE: BackboneRecipe = {
  labelSmoothing: 0.1,
  regionWeight: 2,
  earlyRegionWeight: 1,
  tokenClassWeight: 0.5,
  seenTokens: null,
  figureOdds: 3,
};

describe('the backbone phase of a DeiT', () => {
  const task = (recipe: Partial<BackboneRecipe> = {}) => {
    const { model, start } = fresh();
    return backbonePhase({ model, backbone: start.backbone, clips: images, ...RECIPE, ...recipe });
  };

  it.each([null, 6])('has the gradients of its loss; tokens that are seen: %s', async (seenTokens) => {
    await expectDirections(task({ seenTokens }), batchOf(1));
  });

  it('is the whole model when as many tokens are drawn as there are', async () => {
    const whole = await task().step(task().initial, batchOf(2), RandomStream.seeded(1));
    const drawn = await task({ seenTokens: TOKENS }).step(task().initial, batchOf(2), RandomStream.seeded(1));
    expect(drawn.loss).toBeCloseTo(whole.loss, 5);
    for (const [name, value] of Object.entries(whole.figures)) expect(drawn.figures[name], name).toBeCloseTo(value, 5);
  });
});

/** Holds the slope of the loss along random directions against the gradients. */
async function expectDirections<Batch>(task: TrainingTask<Batch>, batch: Batch): Promise<void> {
  const at = (parameters: ParameterSet) => task.step(parameters, batch, RandomStream.seeded(3));
  const { gradients } = await at(task.initial);
  const step = 0.02;
  for (const seed of [1, 2, 3]) {
    const random = RandomStream.seeded(seed, 7);
    const direction = task.initial.zeros();
    direction.numbers.forEach((_, i, numbers) => {
      numbers[i] = 0.2 * (random.next() - 0.5);
    });
    const along = async (by: number) => {
      const moved = task.initial.copy();
      moved.numbers.forEach((value, i, numbers) => {
        numbers[i] = value + by * direction.numbers[i]!;
      });
      return (await at(moved)).loss;
    };
    const [near, far] = [
      (await along(step)) - (await along(-step)),
      (await along(2 * step)) - (await along(-2 * step)),
    ];
    const slope = (8 * near - far) / (12 * step);
    let expected = 0;
    for (const [name, gradient] of gradients) {
      gradient.forEach((value, i) => {
        expected += value * direction.get(name)[i]!;
      });
    }
    expect(Math.abs(expected)).toBeGreaterThan(1e-3);
    expect(Math.abs(slope - expected) / Math.max(0.1, Math.abs(expected))).toBeLessThan(5e-3);
  }
}
