/**
 * Mixes 32 bits so that inputs which differ anywhere give unrelated results: the finaliser of SplitMix32 (Steele, Lea, Flood
 * 2014, reduced to 32 bits). The same numbers on every machine.
 *
 * @returns 32 bits, signed.
 */
export function mixBits(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

/** SplitMix32: a stream of 32 bits a call, signed, the same for the same `seed`. */
export function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mixBits(state);
  };
}
