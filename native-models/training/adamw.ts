import type { Optimizer, Update } from './optimizer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { isDecayed } from './weight-decay.ts';

export interface AdamWSettings {
  readonly kind: 'adamw';
  /** How slowly the mean of the gradients forgets: 0.9 as published. */
  readonly beta1: number;
  /** How slowly the mean of their squares forgets: 0.999 as published. */
  readonly beta2: number;
  /** Keeps the quotient finite where gradients vanish: 1e-8 as published. */
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), in the form of `torch.optim.AdamW`:
 *
 *     θ ← θ·(1 − lr·decay)
 *     m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²
 *     θ ← θ − lr·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 */
export class AdamW implements Optimizer {
  readonly memory: ReadonlyMap<string, ParameterSet>;
  readonly #settings: Omit<AdamWSettings, 'kind'>;
  readonly #first: ParameterSet;
  readonly #second: ParameterSet;

  /** @param parameters Those that it changes; an update may bring others, too. */
  constructor(settings: Omit<AdamWSettings, 'kind'>, parameters: ParameterSet) {
    this.#settings = settings;
    this.#first = parameters.zeros();
    this.#second = parameters.zeros();
    this.memory = new Map([
      ['firstMoment', this.#first],
      ['secondMoment', this.#second],
    ]);
  }

  update({ parameters, gradients, learningRate, step }: Update): void {
    const { beta1, beta2, weightDecay } = this.#settings;
    const firstCorrection = 1 - beta1 ** (step + 1);
    const rootOfSecond = Math.sqrt(1 - beta2 ** (step + 1));
    // ε grows with the correction that is taken out of the root.
    const size = (learningRate * rootOfSecond) / firstCorrection;
    const epsilon = this.#settings.epsilon * rootOfSecond;
    for (const [name, first] of this.#first.tensors) {
      const shrink = isDecayed(name) ? 1 - learningRate * weightDecay : 1;
      const values = parameters.get(name);
      const gradient = gradients.get(name);
      const second = this.#second.get(name);
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i] ?? 0;
        const m = Math.fround(beta1 * (first[i] ?? 0) + (1 - beta1) * g);
        const v = Math.fround(beta2 * (second[i] ?? 0) + (1 - beta2) * g * g);
        first[i] = m;
        second[i] = v;
        values[i] = (values[i] ?? 0) * shrink - (size * m) / (Math.sqrt(v) + epsilon);
      }
    }
  }
}
