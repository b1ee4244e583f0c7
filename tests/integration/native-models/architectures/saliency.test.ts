import { describe, expect, it } from 'vitest';
import { addSaliency } from '#native-models/architectures/timesformer/saliency.ts';
import type { FloatType } from '#native-models/onnx/dtype.ts';
import { largestDifference, type PlainTensor, sum } from '../plain-tensor.ts';
import {
  ATTENTION_TYPES,
  type GoldenModel,
  goldenModel,
  HALF,
  loadModelGraph,
  oneOf,
  parameter,
  stemTokensOf,
} from './golden-model.ts';

type Row = readonly number[];

/** The first block's attention of CLS to the patch tokens of one clip, written as the definition reads. */
function reference(model: GoldenModel, tokens: PlainTensor): number[] {
  const { dim, heads, numFrames: frames, attention } = model.config;
  const patches = 16;
  const headDim = dim / heads;
  const layer = (name: string) => linearLayer(model, name);
  const norm = (name: string) => layerNorm(model, name);
  const head = (row: Row, part: number, h: number) =>
    row.slice(part * dim + h * headDim, part * dim + (h + 1) * headDim);
  const dot = (a: Row, b: Row) => sum(a.length, (i) => a[i]! * b[i]!);

  const [policy, ...stem] = rowsOf(tokens, dim) as [Row, ...Row[]];
  let patchRows: readonly Row[] = stem;
  if (attention === 'divided_space_time') {
    const qkv = patchRows.map(norm('blocks.0.temporal_norm1')).map(layer('blocks.0.temporal_attn.qkv'));
    const mixed = qkv.map((row, token) => {
      const sequence = qkv.slice(token - (token % frames), token - (token % frames) + frames);
      return Array.from({ length: heads }, (_, h) => {
        const scores = sequence.map((other) => dot(head(row, 0, h), head(other, 1, h)) / Math.sqrt(headDim));
        const weights = softmax(scores);
        return Array.from({ length: headDim }, (_, i) =>
          sum(frames, (t) => weights[t]! * head(sequence[t]!, 2, h)[i]!),
        );
      }).flat();
    });
    const moved = mixed.map(layer('blocks.0.temporal_attn.proj')).map(layer('blocks.0.temporal_fc'));
    patchRows = patchRows.map((row, token) => row.map((number, i) => number + moved[token]![i]!));
  }

  const qkv = [policy, ...patchRows].map(norm('blocks.0.norm1')).map(layer('blocks.0.attn.qkv'));
  /** Weights of the keys at `rows`, CLS first among them, averaged over the heads; 1 is what uniform attention gives. */
  const weightsOf = (rows: readonly number[]) => {
    const byHead = Array.from({ length: heads }, (_, h) =>
      softmax(rows.map((row) => dot(head(qkv[0]!, 0, h), head(qkv[row]!, 1, h)) / Math.sqrt(headDim))),
    );
    return rows.map((_, i) => (sum(heads, (h) => byHead[h]![i]!) / heads) * rows.length);
  };
  const saliency = new Array<number>(patches * frames);
  const sequences =
    attention === 'joint_space_time'
      ? [patchRows.map((_, token) => token)]
      : Array.from({ length: frames }, (_, t) => Array.from({ length: patches }, (_, p) => p * frames + t));
  for (const sequence of sequences) {
    const [, ...weights] = weightsOf([0, ...sequence.map((token) => token + 1)]);
    sequence.forEach((token, i) => {
      saliency[token] = weights[i]!;
    });
  }
  return saliency;
}

function rowsOf({ numbers }: PlainTensor, length: number): Row[] {
  return Array.from({ length: numbers.length / length }, (_, i) => numbers.slice(i * length, (i + 1) * length));
}

function linearLayer(model: GoldenModel, name: string): (row: Row) => Row {
  const weight = parameter(model, `${name}.weight`);
  const bias = parameter(model, `${name}.bias`).numbers;
  const weights = rowsOf(weight, weight.sizes[1]!);
  return (row) => weights.map((w, j) => sum(w.length, (i) => w[i]! * row[i]!) + bias[j]!);
}

function layerNorm(model: GoldenModel, name: string): (row: Row) => Row {
  const gain = parameter(model, `${name}.weight`).numbers;
  const bias = parameter(model, `${name}.bias`).numbers;
  return (row) => {
    const mean = sum(row.length, (i) => row[i]!) / row.length;
    const variance = sum(row.length, (i) => (row[i]! - mean) ** 2) / row.length;
    return row.map((x, i) => ((x - mean) / Math.sqrt(variance + model.config.layerNormEps)) * gain[i]! + bias[i]!);
  };
}

function softmax(scores: Row): Row {
  const powers = scores.map(Math.exp);
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

describe.each(ATTENTION_TYPES)('saliency of the %s model', (attention) => {
  const run = async (dtype: FloatType) => {
    const model = await goldenModel(attention);
    const load = loadModelGraph<FloatType>(model, dtype, (parameters) => addSaliency(model.config, parameters));
    const tokens = await stemTokensOf(model);
    const { saliency } = await (await load)({ tokens });
    return { model, tokens, saliency: saliency! };
  };

  it("is CLS's attention in the first block, for every clip of a batch", async () => {
    const { model, tokens, saliency } = await run('float32');
    expect(saliency.sizes).toEqual([2, 64]);
    for (const index of [0, 1]) {
      const expected = reference(model, oneOf(tokens, index));
      expect(largestDifference(oneOf(saliency, index).numbers, expected)).toBeLessThan(1e-4);
    }
  });

  it('stays near it in half precision', async () => {
    const { model, tokens, saliency } = await run('float16');
    const expected = reference(model, oneOf(tokens, 0));
    // The numbers are around 1, but single ones reach 16.
    const relative = expected.map((number, i) => Math.abs(saliency.numbers[i]! - number) / Math.max(1, number));
    expect(Math.max(...relative)).toBeLessThan(HALF);
  });
});
