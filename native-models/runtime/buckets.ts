import type { DeviceName, Target } from './target.ts';

/**
 * Providers that compile for each shape are given kept counts in multiples of this. CUDA does not, and WebGPU compiles
 * for shapes only in that it tells sizes that 4 divides from others.
 */
const BUCKET = 32;
const COMPILES_SHAPES: ReadonlySet<DeviceName> = new Set(['dml', 'coreml']);

/** Kept counts are rounded up to multiples of it; 1 for no padding. */
export function bucketFor(target: Target): number {
  return COMPILES_SHAPES.has(target.device) ? BUCKET : 1;
}
