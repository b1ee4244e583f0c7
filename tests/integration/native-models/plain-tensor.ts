/** Tensors as tests reckon with them: row-major numbers and sizes, nothing more. */
export interface PlainTensor {
  readonly sizes: readonly number[];
  readonly numbers: readonly number[];
}

/** The tensor whose element at `index` is `element(...index)`. */
export function tensor(sizes: readonly number[], element: (...index: number[]) => number): PlainTensor {
  const total = sizes.reduce((product, size) => product * size, 1);
  const numbers = Array.from({ length: total }, (_, flat) => {
    const index: number[] = [];
    for (let rest = flat, axis = sizes.length - 1; axis >= 0; axis--) {
      const size = sizes[axis]!;
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return element(...index);
  });
  return { sizes, numbers };
}

/** The element at `index`; an axis of size 1 answers for every index (broadcasting). */
export function at({ sizes, numbers }: PlainTensor, ...index: number[]): number {
  const flat = sizes.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis]!), 0);
  const number = numbers[flat];
  if (number === undefined) throw new RangeError(`No element ${index} in [${sizes}].`);
  return number;
}

/** Pseudo-random numbers in [−1, 1), the same for the same seed (a linear congruential generator). */
export function randomTensor(sizes: readonly number[], seed: number): PlainTensor {
  let state = BigInt(seed) + 1n;
  return tensor(sizes, () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 40n) / 2 ** 23 - 1;
  });
}

/** Σ f(i) for i from 0 to n − 1. */
export function sum(n: number, f: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += f(i);
  return total;
}

/** The largest |a − b|; infinite when lengths differ, NaN when any number is. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((largest, number, i) => Math.max(largest, Math.abs(number - b[i]!)), 0);
}
