/**
 * A score map in pixels, interpolated bilinearly between the centres of patches; towards the border it stays as it is.
 *
 * @param scores `[patches·frames]`, patch-major, of a square of patches.
 * @returns `[frames, side, side]`.
 */
export function pixelMap(scores: Float32Array, frames: number, side: number): Float32Array {
  const across = Math.round(Math.sqrt(scores.length / frames));
  if (across * across * frames !== scores.length) {
    throw new RangeError(`${scores.length} scores are no square of patches in ${frames} frames`);
  }
  const map = new Float32Array(frames * side * side);
  const places = Array.from({ length: side }, (_, pixel) => neighbours(pixel, side, across));
  let at = 0;
  for (let frame = 0; frame < frames; frame++) {
    const score = (row: number, column: number) => scores[(row * across + column) * frames + frame] ?? 0;
    for (const y of places) {
      for (const x of places) {
        const above = score(y.low, x.low) * (1 - x.share) + score(y.low, x.high) * x.share;
        const below = score(y.high, x.low) * (1 - x.share) + score(y.high, x.high) * x.share;
        map[at++] = above * (1 - y.share) + below * y.share;
      }
    }
  }
  return map;
}

/** The two patches whose centres a pixel's centre lies between, and how far it is towards the second, 0 … 1. */
function neighbours(pixel: number, side: number, across: number) {
  const place = Math.min(Math.max(((pixel + 0.5) * across) / side - 0.5, 0), across - 1);
  const low = Math.floor(place);
  return { low, high: Math.min(low + 1, across - 1), share: place - low };
}
