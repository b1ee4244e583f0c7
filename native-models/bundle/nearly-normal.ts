/**
 * Numbers of mean 0 and deviation 1, none beyond ±3.5: sums of four 16-bit numbers (Irwin and Hall), which costs two steps
 * of a generator instead of a logarithm and a cosine. A base model has 120 million of them.
 *
 * @param stream Streams of other names are unrelated.
 * @returns The next number, the same for the same seed and name on every machine.
 */
export function nearlyNormal(seed: number, stream: string): () => number {
  let state = (seed ^ fnv1a(stream)) | 0;
  // SplitMix32 (Steele, Lea, Flood 2014, reduced to 32 bits).
  const bits = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  // Four uniform numbers of 0 … 2¹⁶ − 1 have the mean 2·(2¹⁶ − 1) and the deviation √(4/12)·2¹⁶.
  const mean = 2 * 0xffff;
  const deviation = 2 ** 16 / Math.sqrt(3);
  return () => {
    const [a, b] = [bits(), bits()];
    return ((a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16) - mean) / deviation;
  };
}

/** A number for a name (Fowler, Noll, Vo): tells the parameters' streams apart, whatever their order. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
