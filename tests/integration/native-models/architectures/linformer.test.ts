import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageCost } from '#native-models/architectures/deit/cost.ts';
import { projectionNames } from '#native-models/architectures/linformer.ts';
import type { DeitConfig } from '#native-models/bundle/manifest.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { backbonePhase } from '#native-models/training/backbone-phase.ts';
import { Computation } from '#native-models/training/computation.ts';
import { inputSelection } from '#native-models/training/fresh-interpreter.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';

const DEIT: DeitConfig = {
  kind: 'deit',
  imageSize: 16,
  patchSize: 4,
  dim: 24,
  depth: 2,
  heads: 2,
  mlpDim: 48,
  classes: 3,
  layerNormEps: 1e-6,
};
const BATCH = 2;
/** Patches and CLS. */
const TOKENS = 17;

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

function modelOf(config: DeitConfig): SelectingModel {
  const selection = inputSelection(config, { threshold: 0.5 });
  return new SelectingModel({ runtime, config, selection, batchSize: BATCH });
}

/** Weights that let every part of the model be seen in its answer. */
function weights(config: DeitConfig): ParameterSet {
  const parameters = initialParameters(config, null, 1);
  const random = RandomStream.seeded(2);
  for (const [name, values] of parameters.tensors) {
    for (let i = 0; i < values.length && /qkv|head/.test(name); i++) values[i] = random.next() - 0.5;
  }
  return parameters;
}

const noise = (seed: number) => {
  const random = RandomStream.seeded(seed);
  return Float32Array.from({ length: BATCH * 3 * 16 * 16 }, () => 2 * random.next() - 1);
};

async function answers(config: DeitConfig, parameters: ParameterSet): Promise<number[]> {
  const model = modelOf(config);
  const { architecture, clipSizes } = model;
  const whole = new Computation(model.computation('whole'), ({ graph, parameters: given, fusion }) => {
    const tokens = architecture.tokens(given, graph.input('clips', 'float32', clipSizes));
    graph.output('logits', architecture.whole(given, tokens, fusion).logits);
  });
  const { logits } = await whole.run([parameters], { clips: model.clipFeed(noise(3)) });
  return [...(logits!.data as Float32Array)];
}

describe('Linformer attention', () => {
  it('is ordinary attention when its mixtures are the tokens themselves', async () => {
    const linformer = { ...DEIT, linformer: TOKENS };
    const parameters = weights(linformer);
    for (let block = 0; block < DEIT.depth; block++) {
      for (const name of projectionNames(block)) {
        const weights = parameters.get(name).fill(0);
        for (let i = 0; i < weights.length; i += TOKENS + 1) weights[i] = 1;
      }
    }
    const ordinary = await answers(DEIT, weights(DEIT));
    const mixed = await answers(linformer, parameters);
    expect(new Set(ordinary).size).toBeGreaterThan(3);
    for (const [i, value] of mixed.entries()) expect(value).toBeCloseTo(ordinary[i]!, 5);
    const fewer = await answers({ ...DEIT, linformer: 4 }, weights({ ...DEIT, linformer: 4 }));
    expect(Math.max(...fewer.map((value, i) => Math.abs(value - ordinary[i]!)))).toBeGreaterThan(1e-3);
  });

  it('begins with mixtures that are means of runs of tokens', () => {
    const parameters = initialParameters({ ...DEIT, linformer: 4 }, null, 1);
    for (const name of projectionNames(1)) {
      expect(parameters.shapes.get(name)).toEqual([4, TOKENS]);
      const rows = Array.from({ length: 4 }, (_, row) => [
        ...parameters.get(name).subarray(row * TOKENS, (row + 1) * TOKENS),
      ]);
      for (const row of rows) {
        expect(row.filter((weight) => weight > 0).length).toBeGreaterThanOrEqual(4);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 0);
      }
    }
  });

  it('learns its mixtures, and cannot be shown a part of the tokens', async () => {
    const config = { ...DEIT, linformer: 4 };
    const [model, backbone] = [modelOf(config), weights(config)];
    const batch = {
      clips: noise(4),
      labels: Uint32Array.of(0, 2),
      foreground: new Float32Array(BATCH * 16).fill(0.5),
      regions: new Float32Array(BATCH * 16).fill(0.5),
    };
    const clips = { identity: { data: 'noise' }, regionCount: 1, batch: () => batch };
    const recipe = { labelSmoothing: 0, regionWeight: 1, earlyRegionWeight: 1, tokenClassWeight: 1, figureOdds: 1 };
    const task = backbonePhase({ model, backbone, clips, ...recipe, seenTokens: null });
    const { gradients } = await task.step(task.initial, batch, RandomStream.seeded(1));
    for (const name of [...projectionNames(0), ...projectionNames(1)]) {
      expect(Math.max(...gradients.get(name)!.map(Math.abs))).toBeGreaterThan(0);
    }
    expect(() => backbonePhase({ model, backbone, clips, ...recipe, seenTokens: 8 })).toThrow('a part of them');
  });

  it('costs less than ordinary attention by what its mixtures are fewer', () => {
    const [all, one] = [
      { ...DEIT, linformer: TOKENS },
      { ...DEIT, linformer: 1 },
    ];
    const cost = (config: DeitConfig) => 1e9 * imageCost(config, [{ firstBlock: 0, blocks: 2 }], null, false).total;
    // Two blocks, keys and values: to project them, and to attend to them.
    expect(cost(all) - cost(one)).toBeCloseTo(2 * 4 * TOKENS * (TOKENS - 1) * DEIT.dim, 3);
    expect(cost(all) - cost(DEIT)).toBeCloseTo(2 * 2 * TOKENS * TOKENS * DEIT.dim, 3);
  });
});
