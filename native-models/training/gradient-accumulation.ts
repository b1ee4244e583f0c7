import type { ParameterSet } from './parameter-set.ts';

/**
 * Mean gradient of several micro-batches, summed in the order of arrival: floating-point sums depend on their order, and
 * a run that is repeated must come out the same.
 */
export class GradientAccumulator {
  readonly #sum: ParameterSet;
  #count = 0;

  constructor(parameters: ParameterSet) {
    this.#sum = parameters.zeros();
  }

  add(gradients: ReadonlyMap<string, Float32Array>): void {
    for (const [name, sum] of this.#sum.tensors) {
      const gradient = gradients.get(name);
      if (gradient?.length !== sum.length) {
        throw new RangeError(`The gradient of "${name}" has ${gradient?.length ?? 'no'} numbers, not ${sum.length}.`);
      }
      if (this.#count === 0) sum.set(gradient);
      else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (gradient[i] ?? 0);
    }
    this.#count += 1;
  }

  /** The mean of what was added since the last call, which it forgets. Valid until the next {@link add}. */
  take(): ParameterSet {
    const { numbers } = this.#sum;
    if (this.#count > 1) for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] ?? 0) / this.#count;
    this.clear();
    return this.#sum;
  }

  /** Forgets what was added. */
  clear(): void {
    this.#count = 0;
  }
}
