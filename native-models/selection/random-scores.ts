/**
 * One uniform number in [0, 1) per token, the same for the same `seed` and `stream` on every machine.
 *
 * @param stream Tells apart what one seed serves: each clip and view its own numbers.
 */
export function randomScores(tokens: number, seed: number, stream: number): Float32Array {
  const next = splitMix32(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca77));
  return Float32Array.from({ length: tokens }, next);
}

/** SplitMix32 (Steele, Lea, Flood 2014, reduced to 32 bits): 24 random bits a call, exact in float32. */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 8) / 2 ** 24;
  };
}
