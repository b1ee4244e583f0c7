import type { TrainableParameters } from '../architectures/trainable-parameters.ts';
import { nearlyNormal } from '../bundle/nearly-normal.ts';
import type { Value } from '../onnx/graph.ts';
import { gelu } from '../onnx/operators/arithmetic.ts';
import { layerNorm, linear } from '../onnx/operators/matrices.ts';
import { ParameterSet } from './parameter-set.ts';

/** What is asked of tokens while a backbone is trained, and of no bundle: which regions of the figure their patch shows. */

const READ_OUT = 'regions.';
const LATE = `${READ_OUT}late`;
const EARLY_HIDDEN = `${READ_OUT}early.hidden`;
const EARLY = `${READ_OUT}early`;
/** Where the figure is can be told from a patch alone only by what no straight line separates. */
const HIDDEN = 32;
/** Logit of a read-out that knows nothing: a region covers about four hundredths of the patches around a figure. */
const USUAL = -3.2;
const LAYER_NORM_EPS = 1e-5;

/** `backbone`, and read-outs that know nothing yet unless it brings its own. */
export function withReadOuts(backbone: ParameterSet, dim: number, regions: number): ParameterSet {
  const parameters = new ParameterSet(
    new Map([
      ...backbone.shapes,
      [`${LATE}.weight`, [regions, dim]],
      [`${LATE}.bias`, [regions]],
      [`${EARLY_HIDDEN}.weight`, [HIDDEN, dim]],
      [`${EARLY_HIDDEN}.bias`, [HIDDEN]],
      [`${EARLY}.weight`, [regions, HIDDEN]],
      [`${EARLY}.bias`, [regions]],
    ]),
  );
  for (const name of [LATE, EARLY]) parameters.get(`${name}.bias`).fill(USUAL);
  const next = nearlyNormal(0, EARLY_HIDDEN);
  const hidden = parameters.get(`${EARLY_HIDDEN}.weight`);
  for (let i = 0; i < hidden.length; i++) hidden[i] = next() / Math.sqrt(dim);
  for (const [name, values] of backbone.tensors) parameters.get(name).set(values);
  return parameters;
}

/** What was learnt of the model itself. */
export function withoutReadOuts(learnt: ParameterSet): ParameterSet {
  return learnt.only((name) => !name.startsWith(READ_OUT));
}

/** Logits of the regions, read by a straight line from the last tokens: `[rows, dim] → [rows, regions]`. */
export function lateRegions(
  parameters: TrainableParameters<'float32'>,
  rows: Value<'float32'>,
  regions: number,
): Value<'float32'> {
  return layer(parameters, LATE, rows, regions);
}

/**
 * Logits of the regions, read through a small hidden layer from the tokens that the interpreter will see, and normalised as
 * it sees them: `[rows, dim] → [rows, regions]`.
 */
export function earlyRegions(
  parameters: TrainableParameters<'float32'>,
  rows: Value<'float32'>,
  regions: number,
): Value<'float32'> {
  const { graph } = parameters;
  const dim = rows.shape[1]?.constant ?? 0;
  const filled = (value: number) => graph.constant('float32', [dim], new Array<number>(dim).fill(value));
  const normalised = layerNorm(rows, filled(1), filled(0), LAYER_NORM_EPS);
  return layer(parameters, EARLY, gelu(layer(parameters, EARLY_HIDDEN, normalised, HIDDEN)), regions);
}

function layer(parameters: TrainableParameters<'float32'>, name: string, rows: Value<'float32'>, to: number) {
  const from = rows.shape[1]?.constant ?? 0;
  return linear(rows, parameters.get(`${name}.weight`, [to, from]), parameters.get(`${name}.bias`, [to]));
}
