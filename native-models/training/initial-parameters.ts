import type { Architecture, Selection } from '../bundle/manifest.ts';
import { nearlyNormal } from '../bundle/nearly-normal.ts';
import { expectedParameters, isNormScale } from '../bundle/parameters.ts';
import { FRESH_DEVIATION } from '../bundle/random-bundle.ts';
import { ParameterSet } from './parameter-set.ts';

/**
 * Where training from nothing begins, the same for the same seed on every machine: weights and embeddings of deviation
 * 0.02, as in DeiT and TimeSformer; biases zero, scales of normalisations one, and the head zero, so that all classes are
 * equally likely at first.
 */
export function initialParameters(architecture: Architecture, selection: Selection | null, seed: number): ParameterSet {
  const parameters = new ParameterSet(expectedParameters(architecture, selection));
  for (const [name, values] of parameters.tensors) {
    if (isNormScale(name)) values.fill(1);
    if (isNormScale(name) || name.endsWith('.bias') || name.startsWith('head.')) continue;
    const next = nearlyNormal(seed, name);
    for (let i = 0; i < values.length; i++) values[i] = FRESH_DEVIATION * next();
  }
  return parameters;
}
