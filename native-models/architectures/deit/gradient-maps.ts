import type { DeitConfig } from '../../bundle/manifest.ts';
import { addGradients } from '../../onnx/gradients/add-gradients.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, clip, multiply, reduceMean, reduceSum } from '../../onnx/operators/arithmetic.ts';
import { matMul } from '../../onnx/operators/matrices.ts';
import { reshape, slice } from '../../onnx/operators/shapes.ts';
import { startOf } from '../attention-flow.ts';
import { classLogits } from '../class-head.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { patchCount } from '../patch-embedding.ts';
import { Transformer } from '../transformer.ts';
import { WatchedTransformer } from '../watched-transformer.ts';
import { stemTokens } from './stem.ts';

/**
 * Which patches a class rests on, through all blocks: attention weighted with the gradient of the class's logit (Chefer, Gur,
 * Wolf, *Generic Attention-model Explainability*, ICCV 2021, equations 5 and 6). Inputs `image` `[1, 3, side, side]` and
 * `wanted` `[1, classes]`, 1 for the class and 0 elsewhere; output `map` `[1, patches]`.
 */
export function addGradientAttention(config: DeitConfig, parameters: Parameters<'float32'>): void {
  const { graph } = parameters;
  const transformer = new WatchedTransformer(parameters, config);
  const loss = wantedLogit(config, parameters, transformer);
  const gradients = addGradients(graph, loss, transformer.weights);
  const patches = patchCount(config);
  // R ← R + Ā·R, from the first block to the last; only the row of CLS is asked for, so it goes from the last to the first.
  let row: Value<'float32'> = startOf(graph, [1, 1, 1 + patches], 1);
  for (const [i, weights] of [...transformer.weights.entries()].reverse()) {
    const gradient = gradients[i];
    if (gradient === undefined) throw new Error('There is a gradient for all weights.');
    const positive = clip(multiply(gradient, weights), 0, LARGEST);
    row = add(row, matMul(row, reduceMean(positive, [1], false)));
  }
  graph.output('map', reshape(slice(row, 2, 1), [1, patches]));
}

/** d logit / d pixel: inputs as {@link addGradientAttention}, output `gradient` `[1, 3, side, side]`. */
export function addInputGradient(config: DeitConfig, parameters: Parameters<'float32'>): void {
  const { graph } = parameters;
  const loss = wantedLogit(config, parameters, new Transformer(parameters, config));
  const image = graph.inputs.find(({ name }) => name === 'image') as Value<'float32'>;
  const [gradient] = addGradients(graph, loss, [image]);
  if (gradient === undefined) throw new Error('There is a gradient for the image.');
  graph.output('gradient', gradient);
}

/** Of numbers in 32 bits. */
const LARGEST = 3.4e38;

function wantedLogit(
  config: DeitConfig,
  parameters: Parameters<'float32'>,
  transformer: Transformer<'float32'>,
): Value<'float32'> {
  const { graph } = parameters;
  const image = graph.input('image', 'float32', [1, 3, config.imageSize, config.imageSize]);
  const wanted = graph.input('wanted', 'float32', [1, config.classes]);
  const tokens = stemTokens(config, parameters, image);
  const { policy } = jointBlocks(config, transformer, tokens, { spatial: false, temporal: false });
  return reduceSum(multiply(classLogits(config, parameters, policy), wanted), [0, 1]);
}
