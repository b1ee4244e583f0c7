import { splitMix32 } from '../random/split-mix.ts';

/**
 * One uniform number in [0, 1) per token, the same for the same `seed` and `stream` on every machine.
 *
 * @param stream Tells apart what one seed serves: each clip and view its own numbers.
 */
export function randomScores(tokens: number, seed: number, stream: number): Float32Array {
  const bits = splitMix32(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca77));
  // 24 bits are exact in float32.
  return Float32Array.from({ length: tokens }, () => (bits() >>> 8) / 2 ** 24);
}
