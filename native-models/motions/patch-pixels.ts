/**
 * How many pixels of each kind each patch has.
 *
 * @param kinds `[frames, size, size]`: the kind of each pixel, counted from 1; 0 for none.
 * @param count How many kinds there are.
 * @returns `[patches·frames, count]`, patch-major and frame fastest, the order of the model's patch tokens.
 * @throws RangeError where the pixels are not whole frames of whole patches.
 */
function patchPixels(
  kinds: Uint8Array,
  patchSize: number,
  { frames, size }: { readonly frames: number; readonly size: number },
  count: number,
): Float32Array {
  if (kinds.length !== frames * size * size || size % patchSize !== 0) {
    throw new RangeError(
      `${kinds.length} pixels are not ${frames} frames of ${size}×${size} in patches of ${patchSize}.`,
    );
  }
  const across = size / patchSize;
  const pixels = new Float32Array(across * across * frames * count);
  for (let frame = 0, pixel = 0; frame < frames; frame++) {
    for (let y = 0; y < size; y++) {
      const row = Math.floor(y / patchSize) * across;
      for (let x = 0; x < size; x++, pixel++) {
        const kind = kinds[pixel] ?? 0;
        if (kind === 0) continue;
        const token = (row + Math.floor(x / patchSize)) * frames + frame;
        const at = token * count + kind - 1;
        pixels[at] = (pixels[at] ?? 0) + 1;
      }
    }
  }
  return pixels;
}

/** The same as shares of a patch, 0–1. */
export function patchShares(
  kinds: Uint8Array,
  patchSize: number,
  sizes: { readonly frames: number; readonly size: number },
  count: number,
): Float32Array {
  return patchPixels(kinds, patchSize, sizes, count).map((pixels) => pixels / (patchSize * patchSize));
}
