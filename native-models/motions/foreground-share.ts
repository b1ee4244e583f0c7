import { patchShares } from './patch-pixels.ts';

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
  sizes: { readonly frames: number; readonly size: number },
): Float32Array {
  return patchShares(mask, patchSize, sizes, 1);
}
