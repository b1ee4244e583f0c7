import { describe, expect, it } from 'vitest';
import { createOptimizer, type OptimizerSettings } from '#native-models/training/optimizer.ts';
import { ParameterSet } from '#native-models/training/parameter-set.ts';

const ADAMW = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 } as const;
const SGD = { kind: 'sgd', momentum: 0.9, weightDecay: 0 } as const;
const RATE = 0.01;

const SHAPES = new Map([
  ['blocks.0.mlp.fc1.weight', [2, 2]],
  ['blocks.0.mlp.fc1.bias', [2]],
  ['blocks.0.norm1.weight', [2]],
  ['blocks.0.temporal_norm1.weight', [2]],
  ['norm.weight', [2]],
  ['cls_token', [1, 1, 2]],
  ['pos_embed', [1, 1, 2]],
  ['time_embed', [1, 1, 2]],
  ['interpreter.0.qk.weight', [2, 1]],
  ['patch_embed.proj.weight', [2, 1, 1, 1]],
]);
const MATRICES = ['blocks.0.mlp.fc1.weight', 'interpreter.0.qk.weight', 'patch_embed.proj.weight'];

function filled(value: (i: number) => number): ParameterSet {
  const set = new ParameterSet(SHAPES);
  set.numbers.forEach((_, i) => {
    set.numbers[i] = value(i);
  });
  return set;
}

/** What is left after `steps` updates with the same gradients. */
async function updated(settings: OptimizerSettings, steps: number, start: ParameterSet, gradients: ParameterSet) {
  const parameters = start.copy();
  const optimizer = createOptimizer(settings, parameters);
  for (let step = 0; step < steps; step++) {
    await optimizer.update({ parameters, gradients, learningRate: RATE, step });
  }
  return parameters;
}

describe('AdamW', () => {
  it('moves by the learning rate at every step while gradients stay the same, whatever their size', async () => {
    // Both corrected means are then exact: m̂ = g and v̂ = g², so a step is lr·g / (|g| + ε).
    const start = filled(() => 0);
    const gradients = filled((i) => [3, -0.02, 1e-4][i % 3]!);
    const result = await updated({ ...ADAMW, weightDecay: 0 }, 10, start, gradients);
    result.numbers.forEach((value, i) => {
      const g = gradients.numbers[i]!;
      expect(value).toBeCloseTo((-10 * RATE * g) / (Math.abs(g) + ADAMW.epsilon), 6);
    });
  });

  it('forgets old gradients as its two means do', async () => {
    // Gradients 1 and then 0: m̂ = 0.9·0.1 / (1 − 0.81), v̂ = 0.999·0.001 / (1 − 0.998001).
    const parameters = filled(() => 0);
    const optimizer = createOptimizer({ ...ADAMW, weightDecay: 0 }, parameters);
    await optimizer.update({ parameters, gradients: filled(() => 1), learningRate: RATE, step: 0 });
    await optimizer.update({ parameters, gradients: filled(() => 0), learningRate: RATE, step: 1 });
    const second = 0.09 / 0.19 / Math.sqrt(0.000999 / 0.001999);
    for (const value of parameters.numbers) expect(value).toBeCloseTo(-RATE * (1 + second), 7);
  });

  it('shrinks matrices by lr·decay a step, outside of the gradient, and nothing else', async () => {
    const result = await updated(
      ADAMW,
      5,
      filled(() => 2),
      filled(() => 0),
    );
    for (const [name, values] of result.tensors) {
      const expected = MATRICES.includes(name) ? 2 * (1 - RATE * ADAMW.weightDecay) ** 5 : 2;
      for (const value of values) expect(value, name).toBeCloseTo(expected, 6);
    }
  });
});

describe('SGD with momentum', () => {
  it('gathers speed: after k equal gradients it has moved by lr·g·Σ (1 − μʲ) / (1 − μ)', async () => {
    const result = await updated(
      SGD,
      4,
      filled(() => 1),
      filled(() => 0.5),
    );
    const distance = [1, 2, 3, 4].reduce((sum, j) => sum + (1 - 0.9 ** j) / (1 - 0.9), 0);
    for (const value of result.numbers) expect(value).toBeCloseTo(1 - RATE * 0.5 * distance, 6);
  });

  it('treats weight decay as part of the gradient, of matrices alone', async () => {
    // Two steps by hand: v₁ = d·θ₀, θ₁ = θ₀ − lr·v₁, v₂ = μ·v₁ + d·θ₁.
    const decay = 0.5;
    const result = await updated(
      { ...SGD, weightDecay: decay },
      2,
      filled(() => 2),
      filled(() => 0),
    );
    const first = 2 - RATE * decay * 2;
    const second = first - RATE * (0.9 * decay * 2 + decay * first);
    for (const [name, values] of result.tensors) {
      for (const value of values) expect(value, name).toBeCloseTo(MATRICES.includes(name) ? second : 2, 6);
    }
  });
});

describe.each<OptimizerSettings>([ADAMW, { ...SGD, weightDecay: 1e-4 }])('the memory of $kind', (settings) => {
  it('is all that has to be kept for another one to go on bit by bit', async () => {
    const gradientsAt = (step: number) => filled((i) => Math.sin(i + step));
    const parameters = filled((i) => Math.cos(i));
    const optimizer = createOptimizer(settings, parameters);
    const run = async (from: number, to: number, by: typeof optimizer, on: ParameterSet) => {
      for (let step = from; step < to; step++) {
        await by.update({ parameters: on, gradients: gradientsAt(step), learningRate: RATE, step });
      }
    };
    await run(0, 7, optimizer, parameters);
    const copy = parameters.copy();
    const other = createOptimizer(settings, copy);
    for (const [name, slot] of other.memory) slot.numbers.set(optimizer.memory.get(name)!.numbers);
    await run(7, 20, optimizer, parameters);
    await run(7, 20, other, copy);
    expect(copy.numbers).toEqual(parameters.numbers);
  });
});
