/**
 * How much of each patch the figure covers.
 *
 * @param mask `[frames, size, size]` of 0 and 1, as a clip has it.
 * @returns `[patches·frames]` in 0–1, patch-major and frame fastest, the order of the model's patch tokens.
 * @throws RangeError where the mask is not made of whole frames of whole patches.
 */
export function foregroundShare(
  mask: Uint8Array,
  patchSize: number,
  { frames, size }: { readonly frames: number; readonly size: number },
): Float32Array {
  if (mask.length !== frames * size * size || size % patchSize !== 0) {
    throw new RangeError(
      `${mask.length} pixels are not ${frames} frames of ${size}×${size} in patches of ${patchSize}.`,
    );
  }
  const across = size / patchSize;
  const share = new Float32Array(across * across * frames);
  for (let frame = 0, pixel = 0; frame < frames; frame++) {
    for (let y = 0; y < size; y++) {
      const row = Math.floor(y / patchSize) * across;
      for (let x = 0; x < size; x++, pixel++) {
        if (mask[pixel] !== 1) continue;
        const token = (row + Math.floor(x / patchSize)) * frames + frame;
        share[token] = (share[token] ?? 0) + 1;
      }
    }
  }
  return share.map((pixels) => pixels / (patchSize * patchSize));
}
