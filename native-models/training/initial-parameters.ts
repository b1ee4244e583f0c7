import { projectionNames } from '../architectures/linformer.ts';
import type { Architecture, Selection } from '../bundle/manifest.ts';
import { nearlyNormal } from '../bundle/nearly-normal.ts';
import { expectedParameters, isNormScale } from '../bundle/parameters.ts';
import { FRESH_DEVIATION } from '../bundle/random-bundle.ts';
import { ParameterSet } from './parameter-set.ts';
import { waves } from './wave-embedding.ts';

/** Of the waves that places and times begin with: about what the embedding of a patch is. */
const AMPLITUDE = 0.5;
/** Keeps the waves of time from looking like those of a place. */
const TIME_PHASE = 3;

/**
 * Where training from nothing begins, the same for the same seed. Matrices of blocks have the deviation
 * 1/√(3·dim), as PyTorch's linear layers do: the 0.02 of DeiT and TimeSformer is made for their width, and leaves the
 * attention of narrow models blind for long. Places and times are waves; other weights have deviation 0.02, biases are zero,
 * scales of normalisations one, and the head is zero, so that all classes are equally likely at first.
 */
export function initialParameters(architecture: Architecture, selection: Selection | null, seed: number): ParameterSet {
  const parameters = new ParameterSet(expectedParameters(architecture, selection));
  for (const [name, values] of parameters.tensors) {
    if (isNormScale(name)) values.fill(1);
    if (isNormScale(name) || name.endsWith('.bias') || name.startsWith('head.')) continue;
    const next = nearlyNormal(seed, name);
    const deviation = name.startsWith('blocks.') ? 1 / Math.sqrt(3 * architecture.dim) : FRESH_DEVIATION;
    for (let i = 0; i < values.length; i++) values[i] = deviation * next();
  }
  placeWaves(architecture, parameters);
  if (architecture.kind === 'deit' && architecture.linformer !== undefined) poolRuns(architecture.depth, parameters);
  return parameters;
}

/** Half of the numbers of a place tell its column and half its row; CLS, at no place, keeps what it has. */
function placeWaves({ dim, imageSize, patchSize }: Architecture, parameters: ParameterSet): void {
  const side = imageSize / patchSize;
  const places = parameters.get('pos_embed');
  const first = places.length / dim - side * side;
  for (let patch = 0; patch < side * side; patch++) {
    const begin = (first + patch) * dim;
    places.set(amplified(waves(patch % side, dim / 2)), begin);
    places.set(amplified(waves(Math.floor(patch / side), dim / 2)), begin + dim / 2);
  }
  const times = parameters.tensors.get('time_embed');
  if (times === undefined) return;
  for (let frame = 0; frame < times.length / dim; frame++) {
    times.set(amplified(waves(frame, dim, TIME_PHASE)), frame * dim);
  }
}

/** Each of Linformer's mixtures is the mean of a run of tokens. */
function poolRuns(depth: number, parameters: ParameterSet): void {
  for (const name of Array.from({ length: depth }, (_, block) => projectionNames(block)).flat()) {
    const [length = 0, tokens = 0] = parameters.shapes.get(name) ?? [];
    const weights = parameters.get(name).fill(0);
    for (let token = 0; token < tokens; token++) {
      weights[Math.floor((token * length) / tokens) * tokens + token] = length / tokens;
    }
  }
}

const amplified = (numbers: Float32Array) => numbers.map((number) => AMPLITUDE * number);
