import { describe, expect, it } from 'vitest';
import { addRollout } from '#native-models/architectures/timesformer/rollout.ts';
import { addSaliency } from '#native-models/architectures/timesformer/saliency.ts';
import { watchedAttention } from '#native-models/architectures/timesformer/watched-attention.ts';
import { headMean } from '#native-models/architectures/watched-transformer.ts';
import type { FloatType } from '#native-models/onnx/dtype.ts';
import { largestDifference, type PlainTensor, sum } from '../plain-tensor.ts';
import { ATTENTION_TYPES, goldenModel, HALF, loadModelGraph, oneOf, stemTokensOf } from './golden-model.ts';

type Matrix = readonly (readonly number[])[];

const [PATCHES, FRAMES] = [16, 4];

const table = (rows: number, columns: number, of: (row: number, column: number) => number): Matrix =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => of(row, column)));

const multiply = (a: Matrix, b: Matrix) =>
  table(a.length, b[0]!.length, (row, column) => sum(b.length, (i) => a[row]![i]! * b[i]![column]!));

/** The identity added, for the residual connection, and every row normalised again. */
const withResidual = (weights: Matrix): Matrix =>
  weights.map((row, i) => {
    const added = row.map((weight, j) => weight + (i === j ? 1 : 0));
    const total = added.reduce((a, b) => a + b);
    return added.map((weight) => weight / total);
  });

/** Sequence `index` of weights `[sequences, length, length]` as a matrix. */
function matrixOf({ numbers, sizes }: PlainTensor, index: number): Matrix {
  const length = sizes[1]!;
  return table(length, length, (row, column) => numbers[(index * length + row) * length + column]!);
}

/** What reaches CLS of the one clip in a batch, from its weights, as the definition reads: whole matrices multiplied. */
const reference = {
  joint_space_time(weights: readonly PlainTensor[]): number[] {
    const all = weights.map((one) => withResidual(matrixOf(one, 0))).reduce((product, one) => multiply(one, product));
    return all[0]!.slice(1).map((share) => share * (1 + PATCHES * FRAMES));
  },

  space_only(weights: readonly PlainTensor[]): number[] {
    const frames = Array.from(
      { length: FRAMES },
      (_, t) =>
        weights.map((one) => withResidual(matrixOf(one, t))).reduce((product, one) => multiply(one, product))[0]!,
    );
    return tokens((patch, frame) => frames[frame]![1 + patch]! / FRAMES);
  },

  divided_space_time(weights: readonly PlainTensor[]): number[] {
    const places = (1 + PATCHES) * FRAMES;
    const blocks: Matrix[] = Array.from({ length: weights.length / 2 }, (_, block) => {
      const space = Array.from({ length: FRAMES }, (_, t) => withResidual(matrixOf(weights[2 * block + 1]!, t)));
      const identity = table(FRAMES, FRAMES, (i, j) => (i === j ? 1 : 0));
      const time = [identity, ...Array.from({ length: PATCHES }, (_, p) => matrixOf(weights[2 * block]!, p))].map(
        withResidual,
      );
      const combined = table(places, places, (row, column) => {
        const [p, t] = [Math.floor(row / FRAMES), row % FRAMES];
        const [k, q] = [Math.floor(column / FRAMES), column % FRAMES];
        return space[t]![p]![k]! * time[k]![t]![q]!;
      });
      const policy = combined[0]!.map((_, column) => sum(FRAMES, (t) => combined[t]![column]!) / FRAMES);
      return combined.map((row, i) => (i < FRAMES ? policy : row));
    });
    const all = blocks.reduce((product, one) => multiply(one, product));
    return tokens((patch, frame) => sum(FRAMES, (t) => all[t]![(1 + patch) * FRAMES + frame]!) / FRAMES);
  },
};

/** Patch-major, the frame fastest, as multiples of an even share. */
function tokens(of: (patch: number, frame: number) => number): number[] {
  return Array.from(
    { length: PATCHES * FRAMES },
    (_, token) => of(Math.floor(token / FRAMES), token % FRAMES) * (1 + PATCHES * FRAMES),
  );
}

describe.each(ATTENTION_TYPES)('attention rollout of the %s model', (attention) => {
  /** Rollout, watched weights, and saliency of the golden clips. */
  const run = async (dtype: FloatType) => {
    const model = await goldenModel(attention);
    const stem = await stemTokensOf(model);
    const count = attention === 'divided_space_time' ? 4 : 2;
    const { rollout } = await (
      await loadModelGraph<FloatType>(model, dtype, (parameters) => addRollout(model.config, parameters))
    )({ tokens: stem });
    const watch = await loadModelGraph<'float32'>(model, 'float32', (parameters) => {
      const { graph } = parameters;
      const input = graph.input('tokens', 'float32', [1, 1 + PATCHES * FRAMES, model.config.dim]);
      const { weights } = watchedAttention(model.config, parameters, input);
      expect(weights).toHaveLength(count);
      for (const [i, value] of weights.entries()) graph.output(`weights${i}`, headMean(value));
    });
    const watched = await Promise.all([0, 1].map((index) => watch({ tokens: oneOf(stem, index) })));
    const saliency = await (
      await loadModelGraph<'float32'>(model, 'float32', (parameters) => addSaliency(model.config, parameters))
    )({ tokens: stem });
    const weightsOf = (index: number) => Array.from({ length: count }, (_, i) => watched[index]![`weights${i}`]!);
    return { rollout: rollout!, weightsOf, saliency: saliency.saliency! };
  };

  it('is the product of all attention, residual connections included, for every clip of a batch', async () => {
    const { rollout, weightsOf } = await run('float32');
    expect(rollout.sizes).toEqual([2, PATCHES * FRAMES]);
    for (const index of [0, 1]) {
      const expected = reference[attention](weightsOf(index));
      expect(largestDifference(oneOf(rollout, index).numbers, expected)).toBeLessThan(1e-4);
    }
  });

  it("watches what the model attends to: CLS's weights in the first block are its saliency", async () => {
    const { weightsOf, saliency } = await run('float32');
    const space = weightsOf(0)[attention === 'divided_space_time' ? 1 : 0]!;
    const seen =
      attention === 'joint_space_time'
        ? matrixOf(space, 0)[0]!
            .slice(1)
            .map((weight) => weight * (1 + PATCHES * FRAMES))
        : Array.from({ length: PATCHES * FRAMES }, (_, token) => {
            const row = matrixOf(space, token % FRAMES)[0]!;
            return row[1 + Math.floor(token / FRAMES)]! * (1 + PATCHES);
          });
    expect(largestDifference(oneOf(saliency, 0).numbers, seen)).toBeLessThan(1e-4);
  });

  it('stays near it in half precision', async () => {
    const { rollout, weightsOf } = await run('float16');
    const expected = reference[attention](weightsOf(0));
    const relative = expected.map((number, i) => Math.abs(rollout.numbers[i]! - number) / Math.max(1, number));
    expect(Math.max(...relative)).toBeLessThan(HALF);
  });
});
