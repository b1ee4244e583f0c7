import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { createOptimizer } from '#native-models/training/optimizer.ts';
import { Orthogonalizer } from '#native-models/training/orthogonalizer.ts';
import { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';

let runtime: InferenceRuntime;
let orthogonalizer: Orthogonalizer;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  orthogonalizer = new Orthogonalizer(runtime);
});
afterAll(() => runtime[Symbol.asyncDispose]());

function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  const random = RandomStream.seeded(seed);
  return Float32Array.from({ length }, () => random.next() + random.next() - 1);
}

const matrix = (rows: number, columns: number, seed: number) => ({
  rows,
  columns,
  numbers: noise(rows * columns, seed),
});

/** `a·aᵀ` of `rows` rows, or `aᵀ·a` where that is smaller: for an orthogonal matrix the unit matrix. */
function square(numbers: Float32Array, rows: number, columns: number): number[][] {
  const small = Math.min(rows, columns);
  const at = (i: number, j: number) => (rows <= columns ? numbers[i * columns + j]! : numbers[j * columns + i]!);
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  return range(small).map((i) =>
    range(small).map((k) => range(Math.max(rows, columns)).reduce((sum, j) => sum + at(i, j) * at(k, j), 0)),
  );
}

/** Published: singular values come out between about 0.7 and 1.2 (Jordan et al. 2024). */
function expectOrthogonal(numbers: Float32Array, rows: number, columns: number): void {
  const squared = square(numbers, rows, columns);
  const energy = squared.reduce((sum, row, i) => sum + row[i]!, 0) / squared.length;
  expect(energy).toBeGreaterThan(0.5);
  expect(energy).toBeLessThan(1.5);
  // Σ (σ² − mean σ²)²: nothing is left of the many different singular values of noise.
  const spread = squared.flatMap((row, i) => row.map((value, j) => (value - (i === j ? energy : 0)) ** 2));
  expect(Math.sqrt(spread.reduce((sum, value) => sum + value, 0) / squared.length)).toBeLessThan(0.35);
}

describe('orthogonalising', () => {
  it.each([
    [12, 12],
    [8, 24],
    [24, 8],
  ])('makes the singular values of %i×%i numbers about one', async (rows, columns) => {
    const x = matrix(rows, columns, 3);
    const [near] = await orthogonalizer.orthogonalize([x]);
    expectOrthogonal(near!, rows, columns);
    // The nearest orthogonal matrix agrees with what it is made of: tr(nearᵀ·x) is the sum of the singular values.
    const agreement = near!.reduce((sum, value, i) => sum + value * x.numbers[i]!, 0);
    const length = Math.sqrt(x.numbers.reduce((sum, value) => sum + value * value, 0));
    expect(agreement).toBeGreaterThan(0.8 * length * Math.sqrt(Math.min(rows, columns)) * 0.8);
  });

  it('gives each matrix of a mixed lot what it would be alone', async () => {
    const lot = [matrix(8, 24, 1), matrix(12, 12, 2), matrix(24, 8, 3), matrix(12, 12, 4)];
    const together = await orthogonalizer.orthogonalize(lot);
    for (const [i, each] of lot.entries()) {
      const [alone] = await orthogonalizer.orthogonalize([each]);
      expect(together[i]!.every((value, j) => Math.abs(value - alone![j]!) < 1e-5)).toBe(true);
    }
  });

  it('makes nothing of nothing', async () => {
    const [near] = await orthogonalizer.orthogonalize([{ rows: 4, columns: 4, numbers: new Float32Array(16) }]);
    expect([...near!]).toEqual(new Array(16).fill(0));
  });
});

describe('Muon', () => {
  const settings = {
    kind: 'muon',
    momentum: 0.95,
    weightDecay: 0.1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  } as const;
  const shapes = new Map([
    ['cls_token', [1, 1, 8]],
    ['blocks.0.norm1.weight', [8]],
    ['blocks.0.attn.qkv.weight', [24, 8]],
    ['blocks.0.mlp.fc1.weight', [32, 8]],
  ]);
  const filled = (seed: number) => {
    const set = new ParameterSet(shapes);
    set.numbers.set(noise(set.numbers.length, seed));
    return set;
  };

  it('moves each matrix of a block by the orthogonalised momentum, and everything else as AdamW does', async () => {
    const [muon, adam] = [createOptimizer(settings, filled(1), orthogonalizer), filled(1)];
    const others = createOptimizer({ ...settings, kind: 'adamw' }, adam);
    const parameters = filled(1);
    const gradients = filled(2);
    const update = { gradients, learningRate: 0.01, step: 0 };
    await muon.update({ ...update, parameters });
    await others.update({ ...update, parameters: adam });
    expect(parameters.get('cls_token')).toEqual(adam.get('cls_token'));
    expect(parameters.get('blocks.0.norm1.weight')).toEqual(adam.get('blocks.0.norm1.weight'));

    const before = filled(1).get('blocks.0.attn.qkv.weight');
    const after = parameters.get('blocks.0.attn.qkv.weight');
    const moved = after.map((value, i) => (before[i]! * (1 - 0.01 * 0.1) - value) / (0.01 * 0.2 * Math.sqrt(8)));
    // Queries, keys and values each by themselves.
    for (const part of [0, 1, 2]) expectOrthogonal(moved.subarray(64 * part, 64 * (part + 1)), 8, 8);
  });

  it('remembers where it was going', async () => {
    const twice = async (
      memoryOf: (first: ReturnType<typeof createOptimizer>) => ReturnType<typeof createOptimizer>,
    ) => {
      const parameters = filled(1);
      const first = createOptimizer(settings, parameters, orthogonalizer);
      await first.update({ parameters, gradients: filled(2), learningRate: 0.01, step: 0 });
      await memoryOf(first).update({ parameters, gradients: filled(3), learningRate: 0.01, step: 1 });
      return parameters.numbers;
    };
    const restored = (first: ReturnType<typeof createOptimizer>) => {
      const fresh = createOptimizer(settings, filled(1), orthogonalizer);
      for (const [name, set] of fresh.memory) set.numbers.set(first.memory.get(name)!.numbers);
      return fresh;
    };
    const unbroken = await twice((first) => first);
    expect(await twice(restored)).toEqual(unbroken);
    expect(await twice(() => createOptimizer(settings, filled(1), orthogonalizer))).not.toEqual(unbroken);
  });

  it('cannot do without something that orthogonalises', () => {
    expect(() => createOptimizer(settings, filled(1))).toThrow(RangeError);
  });
});
