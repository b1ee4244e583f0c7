import type { ParameterSet } from './parameter-set.ts';
import type { RandomStream } from './random-stream.ts';
import type { Outcome } from './reward.ts';
import type { Impression } from './selecting-group.ts';

/**
 * How the gradient of a policy is found, which draws tokens and cannot be differentiated itself: by REINFORCE, as in the
 * paper, or by straight-through Gumbel softmax, its alternative (IA-RED², ablations).
 */
export type EstimatorSettings =
  | { readonly kind: 'reinforce' }
  | {
      readonly kind: 'gumbel';
      /** Above 0: the lower, the closer the gradient's soft sample is to the hard one, and the more it varies. */
      readonly temperature: number;
    };

/** What is known of a batch before a draw. */
export interface PolicyStep {
  /** Backbone, interpreters and the one that learns, of which later sets come first. */
  readonly parameters: readonly ParameterSet[];
  readonly impression: Impression;
  /** The class of each clip. */
  readonly right: Uint32Array;
  /** What becomes of each clip under the policy's own most likely choice. */
  readonly greedy: readonly Outcome[];
  readonly random: RandomStream;
  readonly signal: AbortSignal | undefined;
}

export interface PolicyEstimate {
  readonly loss: number;
  /** By parameter of the interpreter that learns. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** What became of each clip under the draw. */
  readonly drawn: readonly Outcome[];
}

export type PolicyEstimator = (step: PolicyStep) => Promise<PolicyEstimate>;
