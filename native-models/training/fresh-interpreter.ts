import type { Architecture, Selection } from '../bundle/manifest.ts';
import { nearlyNormal } from '../bundle/nearly-normal.ts';
import { expectedParameters } from '../bundle/parameters.ts';
import { FRESH_DEVIATION } from '../bundle/random-bundle.ts';
import { ParameterSet } from './parameter-set.ts';

/** Heads of the released interpreters. */
const RELEASED_HEADS = 6;

/** Whether a parameter belongs to an interpreter. */
export const isInterpreter = (name: string): boolean => name.startsWith('interpreter.');

/**
 * How patches are chosen by a model that came without an interpreter: once, before the first block (IA-RED², section 4.1),
 * by as many heads as released where the width allows it.
 */
export function inputSelection(
  { dim, heads, depth }: Architecture,
  { interpreter, threshold }: Pick<Selection, 'interpreter' | 'threshold'>,
): Selection {
  return {
    interpreter,
    heads: dim % RELEASED_HEADS === 0 ? RELEASED_HEADS : heads,
    threshold,
    groups: [{ firstBlock: 0, blocks: depth }],
  };
}

/**
 * Interpreters that have learnt nothing: weights of deviation 0.02 and no biases, so that every score is close to one half.
 * The same for the same seed on every machine.
 */
export function freshInterpreter(architecture: Architecture, selection: Selection, seed: number): ParameterSet {
  const all = expectedParameters(architecture, selection);
  const parameters = new ParameterSet(new Map([...all].filter(([name]) => isInterpreter(name))));
  for (const [name, values] of parameters.tensors) {
    if (name.endsWith('.bias')) continue;
    const next = nearlyNormal(seed, name);
    for (let i = 0; i < values.length; i++) values[i] = FRESH_DEVIATION * next();
  }
  return parameters;
}
