/** What stands in for removed patches: nothing (the mean colour, in normalised space), or the picture without detail. */
export type Baseline = 'zero' | 'blur';

/** Sizes of a view, `[3, frames, side, side]`, and of the patches that it is cut into. */
export interface ViewGrid {
  readonly frames: number;
  readonly side: number;
  readonly patchSize: number;
}

/** A view of the same size in which everything counts as removed. */
export function baselineView(view: Float32Array, baseline: Baseline, { side, patchSize }: ViewGrid): Float32Array {
  // Half a patch: what is smaller than a patch is gone, and the coarse layout of colours is left.
  return baseline === 'zero' ? new Float32Array(view.length) : blurred(view, side, patchSize / 2);
}

/**
 * Every picture of `planes` (`[n, side, side]`) under a Gaussian of `sigma` pixels, cut off at three of them; beyond the
 * border the border goes on.
 */
export function blurred(planes: Float32Array, side: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const kernel = weights.map((weight) => weight / sum);
  return along(along(planes, side, 1, kernel), side, side, kernel);
}

/** One pass of a separable filter, along neighbours that lie `step` apart. */
function along(planes: Float32Array, side: number, step: number, kernel: readonly number[]): Float32Array {
  const radius = kernel.length >> 1;
  return planes.map((_, at) => {
    const place = Math.floor(at / step) % side;
    let value = 0;
    for (const [i, weight] of kernel.entries()) {
      const shift = Math.min(Math.max(place + i - radius, 0), side - 1) - place;
      value += weight * (planes[at + shift * step] ?? 0);
    }
    return value;
  });
}
