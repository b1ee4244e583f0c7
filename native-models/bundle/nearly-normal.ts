import { splitMix32 } from '../random/split-mix.ts';

/**
 * Numbers of mean 0 and deviation 1, none beyond ±3.5: sums of four 16-bit numbers (Irwin and Hall), which costs two steps
 * of a generator instead of a logarithm and a cosine. A base model has 120 million of them.
 *
 * @param stream Streams of other names are unrelated.
 * @returns The next number, the same for the same seed and name on every machine.
 */
export function nearlyNormal(seed: number, stream: string): () => number {
  const bits = splitMix32(seed ^ fnv1a(stream));
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
