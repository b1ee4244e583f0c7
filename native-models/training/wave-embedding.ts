/**
 * Waves of many lengths, half of them sines and half cosines: what tells places apart from the first step on, and near ones
 * less than far ones (Vaswani et al. 2017; in two dimensions Beyer et al. 2022).
 *
 * @param at Where; whole steps of a grid.
 * @param length How many numbers; even.
 * @param phase Added to every angle: other waves for another axis.
 * @returns `[length]`, each −1 … 1.
 */
export function waves(at: number, length: number, phase = 0): Float32Array<ArrayBuffer> {
  const half = length / 2;
  const numbers = new Float32Array(length);
  for (let i = 0; i < half; i++) {
    const angle = at * SHORTEST * LONGEST ** (-i / half) + phase;
    numbers[i] = Math.sin(angle);
    numbers[half + i] = Math.cos(angle);
  }
  return numbers;
}

/** Radians a step of the shortest wave. */
const SHORTEST = 2;
/** How many times longer the longest wave is. */
const LONGEST = 100;
