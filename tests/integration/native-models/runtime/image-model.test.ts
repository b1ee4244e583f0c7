import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelKindError, SelectorUnavailableError } from '#contract/errors.ts';
import type { KeepRule } from '#contract/selection.ts';
import { type Bundle, loadBundle } from '#native-models/bundle/load-bundle.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { ImageRun } from '#native-models/runtime/image-run.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { GOLDEN_DEIT, GOLDEN_THRESHOLDS, importGoldenDeit, withoutClass } from '../../../fixtures/golden-deit.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { FULL, goldenTensors, oneOf, type Tensors } from '../architectures/golden-model.ts';
import { largestDifference } from '../plain-tensor.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runtime: InferenceRuntime;
let bundle: Bundle;
let golden: Tensors;
let model: ImageModel;
beforeAll(async () => {
  folder = await temporaryFolder();
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  bundle = await importGoldenDeit(folder.path);
  golden = await goldenTensors('deit-ia-red2');
  model = new ImageModel(bundle, runtime);
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const PATCHES = 64;
const imageOf = (index: number) => Float32Array.from(oneOf(golden.image!, index).numbers);
const goldenRow = (name: string, index: number) => withoutClass(oneOf(golden[name]!, index).numbers);
const at = (...thresholds: number[]): KeepRule[] => thresholds.map((threshold) => ({ kind: 'threshold', threshold }));
const keeping = (...ratios: number[]): KeepRule[] => ratios.map((ratio) => ({ kind: 'keep', ratio }));
const onGrid = (kept: Uint32Array) => Array.from({ length: PATCHES }, (_, patch) => Number(kept.includes(patch)));

describe('an image model with gathered patches', () => {
  it.each(GOLDEN_THRESHOLDS)(
    'keeps and answers what the released tool does at threshold %d',
    async (threshold, suffix) => {
      for (const index of [0, 1]) {
        const run = await ImageRun.begin(model, imageOf(index));
        const rules = at(threshold, threshold, threshold);
        const { groups, logits, ranFrom } = await run.select({ name: 'interpreter', rules });
        expect(ranFrom).toBe(0);
        expect(groups).toHaveLength(3);
        for (const [group, { present, kept, scores }] of groups.entries()) {
          expect(onGrid(kept)).toEqual(goldenRow(`policy_${group}${suffix}`, index));
          expect([...present]).toEqual([...(group === 0 ? Array(PATCHES).keys() : groups[group - 1]!.kept)]);
          if (suffix === '') expect(largestDifference(scores!, goldenRow(`scores_${group}`, index))).toBeLessThan(FULL);
        }
        expect(largestDifference(logits, oneOf(golden[`logits${suffix}`]!, index).numbers)).toBeLessThan(FULL);
      }
    },
  );

  it('answers with every patch what the whole model says of a batch of images', async () => {
    const whole = await model.classify(Float32Array.from(golden.image!.numbers));
    for (const index of [0, 1]) {
      const run = await ImageRun.begin(model, imageOf(index));
      const { groups, logits } = await run.select({ name: 'full' });
      for (const { kept, scores } of groups) {
        expect(kept).toHaveLength(PATCHES);
        expect(scores!.every((score) => score > 0 && score < 1)).toBe(true);
      }
      expect(largestDifference(logits, whole.subarray(index * 7, (index + 1) * 7))).toBeLessThan(1e-5);
    }
  });

  it('answers from the class token alone when nothing is kept', async () => {
    const run = await ImageRun.begin(model, imageOf(0));
    const { groups, logits } = await run.select({ name: 'interpreter', rules: at(1, 0, 0) });
    for (const { kept } of groups) expect(kept).toHaveLength(0);
    expect(groups[1]!.scores!.every((score) => score === 0)).toBe(true);
    const other = await ImageRun.begin(model, imageOf(1));
    const same = await other.select({ name: 'random', rules: keeping(0, 0, 0), seed: 1 });
    // What CLS is before it has seen anything does not depend on the image.
    expect(same.logits).toEqual(logits);
  });

  it('costs what its groups keep', () => {
    const { groups, total } = model.cost([40, 20, 10], true);
    expect(groups).toHaveLength(3);
    expect(total).toBeLessThan(model.cost(null, false).total);
  });
});

describe('choosing other patches of the same image', () => {
  it('runs again only from the first group that keeps others', async () => {
    const fresh = async (...thresholds: number[]) =>
      await (await ImageRun.begin(model, imageOf(0))).select({ name: 'interpreter', rules: at(...thresholds) });
    const run = await ImageRun.begin(model, imageOf(0));
    for (const [thresholds, from] of [
      [[0.5, 0.5, 0.5], 0],
      [[0.5, 0.5, 0.5], 3],
      [[0.5, 0.5, 0.52], 2],
      [[0.5, 0.52, 0.52], 1],
      [[0.48, 0.52, 0.52], 0],
      [[0.48, 0.52, 0.48], 2],
    ] as const) {
      const { ranFrom, ...selected } = await run.select({ name: 'interpreter', rules: at(...thresholds) });
      expect(ranFrom, thresholds.join()).toBe(from);
      const { ranFrom: all, ...anew } = await fresh(...thresholds);
      expect(all).toBe(0);
      expect(selected).toEqual(anew);
    }
  });

  it('answers two requests at once, each its own', async () => {
    const run = await ImageRun.begin(model, imageOf(0));
    const [a, b] = await Promise.all(
      [0.48, 0.52].map((threshold) => run.select({ name: 'interpreter', rules: at(threshold, threshold, threshold) })),
    );
    expect(largestDifference(a!.logits, oneOf(golden['logits_0.48']!, 0).numbers)).toBeLessThan(FULL);
    expect(largestDifference(b!.logits, oneOf(golden['logits_0.52']!, 0).numbers)).toBeLessThan(FULL);
  });
});

describe('patches by share', () => {
  it('are the best of those that are left, as many as the share of all says', async () => {
    const run = await ImageRun.begin(model, imageOf(0));
    const { groups } = await run.select({ name: 'interpreter', rules: keeping(0.5, 0.25, 0.5) });
    expect(groups.map(({ kept }) => kept.length)).toEqual([32, 16, 16]);
    const [, second] = groups;
    const least = Math.min(...Array.from(second!.kept, (patch) => second!.scores![patch]!));
    for (const patch of second!.present) {
      if (!second!.kept.includes(patch)) expect(second!.scores![patch]).toBeLessThanOrEqual(least);
    }
  });

  it('are chosen by chance, the same for the same seed and other ones for another or another image', async () => {
    const keptBy = async (seed: number, stream: number) => {
      const run = await ImageRun.begin(model, imageOf(0), undefined, stream);
      const { groups } = await run.select({ name: 'random', rules: keeping(0.5, 0.25, 0.125), seed });
      expect(groups.map(({ kept }) => kept.length)).toEqual([32, 16, 8]);
      for (const { present, kept } of groups) expect(kept.every((patch) => present.includes(patch))).toBe(true);
      return groups.map(({ kept }) => [...kept]);
    };
    expect(await keptBy(1, 0)).toEqual(await keptBy(1, 0));
    expect(await keptBy(2, 0)).not.toEqual(await keptBy(1, 0));
    expect(await keptBy(1, 1)).not.toEqual(await keptBy(1, 0));
  });
});

describe('an image model without interpreters', () => {
  it('is one group, of which chance or nobody drops patches', async () => {
    const plain = new ImageModel({ ...bundle, manifest: { ...bundle.manifest, selection: null } }, runtime);
    expect(plain.groupCount).toBe(1);
    const run = await ImageRun.begin(plain, imageOf(0));
    const { logits } = await run.select({ name: 'full' });
    expect(largestDifference(logits, await plain.classify(imageOf(0)))).toBeLessThan(1e-5);
    const { groups } = await run.select({ name: 'random', rules: keeping(0.25), seed: 0 });
    expect(groups.map(({ kept, scores }) => [kept.length, scores])).toEqual([[16, null]]);
    await expect(run.select({ name: 'interpreter', rules: at(0.5) })).rejects.toThrow(SelectorUnavailableError);
  });
});

describe('the wrong kind of model', () => {
  it('is refused by its name', async () => {
    expect(() => new VideoModel(bundle, runtime)).toThrow(ModelKindError);
    const video = await loadBundle(new URL('../../../fixtures/bundles/untrained-tiny/', import.meta.url).pathname);
    expect(() => new ImageModel(video, runtime)).toThrow(ModelKindError);
  });
});

it('cannot pass on a patch that was dropped', async () => {
  const entry = await model.enter(imageOf(0));
  const exit = await model.pass(entry, Uint32Array.of(1, 2));
  if (exit.kind !== 'entry') throw new Error('There are three groups.');
  await expect(model.pass(exit.entry, Uint32Array.of(3))).rejects.toThrow(RangeError);
  expect(exit.entry.tokens.dims).toEqual([1, 3, GOLDEN_DEIT.dim]);
});
