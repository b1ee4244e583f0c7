import { bodyRegions } from './body/figure.ts';
import { patchShares } from './patch-pixels.ts';

/**
 * How much of each patch each region of the body covers.
 *
 * @param regions `[frames, size, size]`, as a clip has it.
 * @returns `[patches·frames, regions]` in 0–1; patches as `foregroundShare` orders them, regions as `bodyRegions`.
 * @throws RangeError where the regions are not made of whole frames of whole patches.
 */
export function regionShares(
  regions: Uint8Array,
  patchSize: number,
  sizes: { readonly frames: number; readonly size: number },
): Float32Array {
  return patchShares(regions, patchSize, sizes, bodyRegions.length);
}
