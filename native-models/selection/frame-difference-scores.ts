/**
 * How much each patch changed since the sampled frame before: mean absolute difference of the normalised pixels over
 * patch and channels, after Run-Length Tokenization (Choudhury et al. 2024).
 *
 * @param view `[3, frames, side, side]`, normalised.
 * @returns `[patches·frames]`, patch-major. The first frame has nothing before it and carries the largest score of the
 *   view; it is always kept.
 */
export function frameDifferenceScores(
  view: Float32Array,
  { frames, side, patchSize }: { readonly frames: number; readonly side: number; readonly patchSize: number },
): Float32Array {
  const across = side / patchSize;
  const plane = side * side;
  const scores = new Float32Array(across * across * frames);
  for (let channel = 0; channel < 3; channel++) {
    for (let frame = 1; frame < frames; frame++) {
      const here = (channel * frames + frame) * plane;
      for (let y = 0; y < side; y++) {
        const patchRow = Math.floor(y / patchSize) * across;
        for (let x = 0; x < side; x++) {
          const pixel = here + y * side + x;
          const difference = Math.abs((view[pixel] ?? 0) - (view[pixel - plane] ?? 0));
          const token = (patchRow + Math.floor(x / patchSize)) * frames + frame;
          scores[token] = (scores[token] ?? 0) + difference;
        }
      }
    }
  }
  const pixels = 3 * patchSize * patchSize;
  const largest = scores.reduce((most, score) => Math.max(most, score), 0);
  return scores.map((score, token) => (token % frames === 0 ? largest : score) / pixels);
}
