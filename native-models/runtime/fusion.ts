import type { Fusion } from '../architectures/blocks.ts';
import type { Target } from './target.ts';

/**
 * On a CPU fused attention is faster for the long sequences of space and of joint attention, and slower for the many
 * short ones of time.
 */
export function fusionFor(target: Target): Fusion {
  return { spatial: target.fusedAttention, temporal: target.fusedAttention && target.device !== 'cpu' };
}
