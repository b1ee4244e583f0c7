import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FloatType } from '#native-models/onnx/dtype.ts';
import { keepTokens } from '#native-models/selection/keep.ts';

/** A Vulkan driver in software, so that WebGPU runs without a graphics card. */
const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

// The Vulkan loader looks at it when onnxruntime is loaded, so everything that loads it is imported afterwards.
if (existsSync(DRIVER)) process.env.VK_ICD_FILENAMES = DRIVER;
const { listSupportedBackends } = await import('onnxruntime-node');
const goldens = await import('./golden-model.ts');
const { largestDifference, randomTensor } = await import('../plain-tensor.ts');
const { loadGraph } = await import('../run-graph.ts');
const { addDenseTrunk } = await import('#native-models/architectures/timesformer/trunk.ts');
const { addSaliency } = await import('#native-models/architectures/timesformer/saliency.ts');
const { cast, scale } = await import('#native-models/onnx/operators/arithmetic.ts');
const { attention: attentionOf } = await import('#native-models/onnx/operators/attention.ts');
const { ALL_TOKENS, ATTENTION_TYPES, FULL, HALF, goldenModel, goldenSelection, oneOf, SELECTING_TYPES } = goldens;

const missing = [
  ...(existsSync(DRIVER) ? [] : [`no software Vulkan driver at ${DRIVER}`]),
  ...(listSupportedBackends().some(({ name }) => name === 'webgpu') ? [] : ['onnxruntime-node has no WebGPU here']),
].join(', ');
const title = (text: string, reason: string) => (reason === '' ? text : `${text} (SKIPPED: ${reason})`);

/** Whether the driver can compute in half precision; SwiftShader cannot. */
async function refusesHalfPrecision(): Promise<string> {
  if (missing !== '') return missing;
  const build = async () => {
    const run = await loadGraph(
      (graph) => graph.output('y', cast(scale(cast(graph.input('x', 'float32', ['n']), 'float16'), 2), 'float32')),
      [],
      'webgpu',
    );
    return run({ x: randomTensor([4], 1) });
  };
  return build().then(
    () => '',
    (error: Error) => (/f16/.test(error.message) ? 'the Vulkan driver has no f16' : error.message),
  );
}
const missingHalf = await refusesHalfPrecision();

/** Runs every kind of graph once on WebGPU, in one element type. */
function describeGraphs(name: string, dtype: FloatType, tolerance: number, reason: string): void {
  describe.skipIf(reason !== '')(title(`on WebGPU in ${name}`, reason), () => {
    it('the stem gives the published tokens, scores and selection', async () => {
      const [model, selection] = [await goldenModel('joint_space_time'), await goldenSelection('joint_space_time')];
      const { clip, tokens, scores, 'kept_0.5': kept } = selection.expected;
      const results = await (await goldens.loadScoringStem(model, selection, dtype, 'webgpu'))({ clip: clip! });
      expect(largestDifference(results.tokens!.numbers, tokens!.numbers)).toBeLessThan(tolerance);
      expect(largestDifference(results.scores!.numbers, scores!.numbers)).toBeLessThan(tolerance);
      const rule = { kind: 'threshold', threshold: 0.5 } as const;
      const chosen = keepTokens(Float32Array.from(results.scores!.numbers.slice(1)), rule);
      if (dtype === 'float32') expect([...chosen.kept]).toEqual(kept!.numbers);
    });

    it.each(ATTENTION_TYPES)('the %s trunk gives the published logits; plain attention', async (attention) => {
      const model = await goldenModel(attention);
      const logits = await denseLogits(model, dtype, false);
      expect(largestDifference(logits, model.expected.logits!.numbers)).toBeLessThan(tolerance);
    });

    // Sequences of 17 and of 4; for longer ones see below.
    it.each(['divided_space_time', 'space_only'] as const)(
      'the %s trunk gives the published logits; fused attention',
      async (attention) => {
        const model = await goldenModel(attention);
        const logits = await denseLogits(model, dtype, true);
        expect(largestDifference(logits, model.expected.logits!.numbers)).toBeLessThan(tolerance);
      },
    );

    it.each(SELECTING_TYPES)('the selected %s trunk gives the published logits; plain', async (attention) => {
      const [model, { expected }] = [await goldenModel(attention), await goldenSelection(attention)];
      const run = await goldens.loadSelectedTrunk(model, { fused: false, bucket: 16, dtype, provider: 'webgpu' });
      const logits = await run(expected.tokens!, Uint32Array.from(expected['kept_0.5']!.numbers));
      expect(largestDifference(logits, expected['logits_0.5']!.numbers)).toBeLessThan(tolerance);
      const alone = await run(expected.tokens!, new Uint32Array());
      expect(largestDifference(alone, expected.logits_cls_only!.numbers)).toBeLessThan(tolerance);
    });

    it.each(SELECTING_TYPES)('the selected %s trunk gives the published logits; fused', async (attention) => {
      const [model, { expected }] = [await goldenModel(attention), await goldenSelection(attention)];
      const run = await goldens.loadSelectedTrunk(model, { fused: true, bucket: 8, dtype, provider: 'webgpu' });
      const logits = await run(expected.tokens!, Uint32Array.from(expected['kept_0.55']!.numbers));
      expect(largestDifference(logits, expected['logits_0.55']!.numbers)).toBeLessThan(tolerance);
      const alone = await run(expected.tokens!, new Uint32Array());
      expect(largestDifference(alone, expected.logits_cls_only!.numbers)).toBeLessThan(tolerance);
    });

    it.each([
      ['plain', { fused: false, bucket: 16 }],
      ['fused', { fused: true, bucket: 8 }],
    ])('the selected space_only trunk with everything kept is the dense one; %s', async (_, variant) => {
      const model = await goldenModel('space_only');
      const run = await goldens.loadSelectedTrunk(model, { ...variant, dtype, provider: 'webgpu' });
      const logits = await run(oneOf(await goldens.stemTokensOf(model), 0), ALL_TOKENS);
      expect(largestDifference(logits, oneOf(model.expected.logits!, 0).numbers)).toBeLessThan(tolerance);
    });

    it.each(SELECTING_TYPES)('saliency of the %s model is what the CPU finds', async (attention) => {
      const model = await goldenModel(attention);
      const tokens = await goldens.stemTokensOf(model);
      const find = async (type: FloatType, provider: 'cpu' | 'webgpu') => {
        const run = await goldens.loadModelGraph<FloatType>(
          model,
          type,
          (parameters) => addSaliency(model.config, parameters),
          provider,
        );
        return (await run({ tokens })).saliency!.numbers;
      };
      const [found, expected] = [await find(dtype, 'webgpu'), await find('float32', 'cpu')];
      const relative = expected.map((number, i) => Math.abs(found[i]! - number) / Math.max(1, number));
      expect(Math.max(...relative)).toBeLessThan(tolerance);
    });
  });
}

async function denseLogits(
  model: Awaited<ReturnType<typeof goldenModel>>,
  dtype: FloatType,
  fused: boolean,
): Promise<readonly number[]> {
  const run = await goldens.loadModelGraph<FloatType>(
    model,
    dtype,
    (parameters) => addDenseTrunk(model.config, parameters, { spatial: fused, temporal: fused }),
    'webgpu',
  );
  return (await run({ tokens: await goldens.stemTokensOf(model) })).logits!.numbers;
}

describeGraphs('full precision', 'float32', FULL, missing);
describeGraphs('half precision', 'float16', HALF, missingHalf);

describe.skipIf(missing !== '')(title('what the software driver cannot do', missing), () => {
  it.runIf(missingHalf === 'the Vulkan driver has no f16')('half precision is an error that says so', async () => {
    const model = await goldenModel('joint_space_time');
    const run = await goldens.loadStem(model, 'float16', 'webgpu');
    await expect(run({ clip: model.expected.clip! })).rejects.toThrow(/requires f16/);
  });

  /**
   * With onnxruntime 1.30 and SwiftShader, fused attention over 32 rows or more is wrong, and over 16 it is right: another
   * kernel takes over in between, which may want wider subgroups than SwiftShader has. So a device is tried with a long
   * sequence before fused attention is used on it.
   */
  it.fails('fused attention over 32 rows is what plain attention is', async () => {
    const rows = {
      query: randomTensor([1, 32, 48], 1),
      key: randomTensor([1, 32, 48], 2),
      value: randomTensor([1, 32, 48], 3),
    };
    const load = (fused: boolean) =>
      loadGraph(
        (graph) => {
          const input = (name: string) => graph.input(name, 'float32', [1, 32, 48]);
          const [query, key, value] = [input('query'), input('key'), input('value')];
          graph.output('y', attentionOf({ query, key, value, heads: 3, fused }));
        },
        [],
        'webgpu',
      );
    const [fused, plain] = [await (await load(true))(rows), await (await load(false))(rows)];
    expect(largestDifference(fused.y!.numbers, plain.y!.numbers)).toBeLessThan(1e-3);
  });
});
