import type { Optimizer, Update } from './optimizer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { isDecayed } from './weight-decay.ts';

export interface SgdSettings {
  readonly kind: 'sgd';
  /** 0.9 in TimeSformer and IA-RED². */
  readonly momentum: number;
  readonly weightDecay: number;
}

/**
 * Stochastic gradient descent with momentum as `torch.optim.SGD` has it (no dampening): the learning rate is outside of
 * the velocity, and decay is part of the gradient.
 *
 *     v ← momentum·v + g + decay·θ
 *     θ ← θ − lr·v
 */
export class Sgd implements Optimizer {
  readonly memory: ReadonlyMap<string, ParameterSet>;
  readonly #settings: SgdSettings;
  readonly #velocity: ParameterSet;

  constructor(settings: SgdSettings, parameters: ParameterSet) {
    this.#settings = settings;
    this.#velocity = parameters.zeros();
    this.memory = new Map([['velocity', this.#velocity]]);
  }

  update({ parameters, gradients, learningRate }: Update): void {
    const { momentum, weightDecay } = this.#settings;
    for (const [name, values] of parameters.tensors) {
      const decay = isDecayed(name) ? weightDecay : 0;
      const gradient = gradients.get(name);
      const velocity = this.#velocity.get(name);
      for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? 0;
        const v = Math.fround(momentum * (velocity[i] ?? 0) + (gradient[i] ?? 0) + decay * value);
        velocity[i] = v;
        values[i] = value - learningRate * v;
      }
    }
  }
}
