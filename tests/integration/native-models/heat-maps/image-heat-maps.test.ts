import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classLogits } from '#native-models/architectures/class-head.ts';
import { addInputGradient } from '#native-models/architectures/deit/gradient-maps.ts';
import { stemTokens } from '#native-models/architectures/deit/stem.ts';
import { jointBlocks } from '#native-models/architectures/joint-blocks.ts';
import { type Parameters, storedParameters } from '#native-models/architectures/parameters.ts';
import { WatchedTransformer } from '#native-models/architectures/watched-transformer.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { ImageHeatMaps } from '#native-models/heat-maps/image-heat-maps.ts';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import { multiply, reduceSum } from '#native-models/onnx/operators/arithmetic.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { GOLDEN_DEIT, importGoldenDeit } from '../../../fixtures/golden-deit.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { goldenTensors, oneOf } from '../architectures/golden-model.ts';
import { largestDifference, type PlainTensor, randomTensor, sum } from '../plain-tensor.ts';
import { loadGraph } from '../run-graph.ts';

const LENGTH = 65;
const WANTED = 4;
const { depth, heads, classes, imageSize } = GOLDEN_DEIT;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runtime: InferenceRuntime;
let bundle: Bundle;
let model: ImageModel;
let maps: ImageHeatMaps;
let image: PlainTensor;
let pixels: Float32Array;
beforeAll(async () => {
  folder = await temporaryFolder();
  bundle = await importGoldenDeit(folder.path);
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1, sessions: 8 });
  model = new ImageModel(bundle, runtime);
  maps = new ImageHeatMaps(model, runtime);
  image = oneOf((await goldenTensors('deit-ia-red2')).image!, 0);
  pixels = Float32Array.from(image.numbers);
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const oneHot = { sizes: [1, classes], numbers: Array.from({ length: classes }, (_, i) => Number(i === WANTED)) };
const load = async (add: (parameters: Parameters<'float32'>) => void) => {
  const file = { name: 'weights', bytes: await readFile(bundle.weightsPath) };
  return await loadGraph((graph) => add(storedParameters(graph, file.name, bundle.tensors, 'float32')), [file]);
};

/** Attention weights of every block, `[1, heads, 65, 65]`, and the gradient of a class's logit by them. */
async function watched() {
  const run = await load((parameters) => {
    const { graph } = parameters;
    const input = graph.input('image', 'float32', [1, 3, imageSize, imageSize]);
    const wanted = graph.input('wanted', 'float32', [1, classes]);
    const transformer = new WatchedTransformer(parameters, GOLDEN_DEIT);
    const tokens = stemTokens(GOLDEN_DEIT, parameters, input);
    const { policy } = jointBlocks(GOLDEN_DEIT, transformer, tokens, { spatial: false, temporal: false });
    const logits = classLogits(GOLDEN_DEIT, parameters, policy);
    const loss = reduceSum(multiply(logits, wanted), [0, 1]);
    const gradients = addGradients(graph, loss, transformer.weights);
    graph.output('logits', logits);
    for (const [i, weights] of transformer.weights.entries()) {
      graph.output(`weights ${i}`, weights);
      graph.output(`gradients ${i}`, gradients[i]!);
    }
  });
  return await run({ image: { sizes: [1, 3, imageSize, imageSize], numbers: image.numbers }, wanted: oneHot });
}

type Matrix = readonly (readonly number[])[];
const matrix = (of: (row: number, column: number) => number): Matrix =>
  Array.from({ length: LENGTH }, (_, row) => Array.from({ length: LENGTH }, (_, column) => of(row, column)));
const product = (a: Matrix, b: Matrix) => matrix((row, column) => sum(LENGTH, (i) => a[row]![i]! * b[i]![column]!));
const identity = matrix((row, column) => Number(row === column));
const element = ({ numbers }: PlainTensor, head: number, row: number, column: number) =>
  numbers[(head * LENGTH + row) * LENGTH + column]!;
const headMean = (weights: PlainTensor) =>
  matrix((row, column) => sum(heads, (head) => element(weights, head, row, column)) / heads);

describe('maps of an image model', () => {
  it('are those of the model itself: watching its attention changes no answer', async () => {
    const { logits } = await watched();
    expect(largestDifference(logits!.numbers, await model.classify(pixels))).toBeLessThan(1e-5);
  });

  it('show what CLS attends to in the second block, and what reaches it through all of them', async () => {
    const seen = await watched();
    const raw = headMean(seen['weights 1']!)[0]!
      .slice(1)
      .map((weight) => weight * LENGTH);
    expect(largestDifference((await maps.rawAttention(pixels)).scores, raw)).toBeLessThan(1e-4);

    const withResidual = Array.from({ length: depth }, (_, block) => {
      const mean = headMean(seen[`weights ${block}`]!);
      return matrix((row, column) => (mean[row]![column]! + identity[row]![column]!) / 2);
    });
    const all = withResidual.reduce((before, block) => product(block, before));
    const rollout = all[0]!.slice(1).map((share) => share * LENGTH);
    expect(largestDifference((await maps.attentionRollout(pixels)).scores, rollout)).toBeLessThan(1e-4);
  });

  it('weight attention with the gradient as its definition reads, whole matrices multiplied', async () => {
    const seen = await watched();
    let relevance = identity;
    for (let block = 0; block < depth; block++) {
      const [weights, gradients] = [seen[`weights ${block}`]!, seen[`gradients ${block}`]!];
      const positive = matrix(
        (row, column) =>
          sum(heads, (head) =>
            Math.max(0, element(weights, head, row, column) * element(gradients, head, row, column)),
          ) / heads,
      );
      const gained = product(positive, relevance);
      const before = relevance;
      relevance = matrix((row, column) => before[row]![column]! + gained[row]![column]!);
    }
    const { scores } = await maps.gradientAttention(pixels, WANTED);
    expect(Math.max(...scores)).toBeGreaterThan(1e-4);
    expect(largestDifference(scores, relevance[0]!.slice(1))).toBeLessThan(1e-5);
  });

  it('know how a logit changes with the pixels', async () => {
    const run = await load((parameters) => addInputGradient(GOLDEN_DEIT, parameters));
    const { gradient } = await run({
      image: { sizes: [1, 3, imageSize, imageSize], numbers: image.numbers },
      wanted: oneHot,
    });
    const direction = randomTensor([pixels.length], 7).numbers;
    const step = 1e-2;
    const logitAt = async (sign: number) =>
      (await model.classify(pixels.map((value, i) => value + sign * step * direction[i]!)))[WANTED]!;
    const measured = ((await logitAt(1)) - (await logitAt(-1))) / (2 * step);
    const predicted = sum(pixels.length, (i) => gradient!.numbers[i]! * direction[i]!);
    expect(predicted).toBeCloseTo(measured, 3);
    expect(Math.abs(predicted)).toBeGreaterThan(0.02);

    const { scores } = await maps.inputGradient(pixels, WANTED);
    const plane = imageSize * imageSize;
    const first = sum(64, (i) => {
      const at = Math.floor(i / 8) * imageSize + (i % 8);
      return Math.abs(sum(3, (c) => gradient!.numbers[c * plane + at]! * pixels[c * plane + at]!)) / 64;
    });
    expect(scores[0]).toBeCloseTo(first, 5);
  });
});
