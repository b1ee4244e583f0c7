import { describe, expect, it } from 'vitest';
import { EpochOrder } from '#native-models/training/epoch-order.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';

const take = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.bits());

describe('a random stream', () => {
  it('is the published generator', () => {
    // By hand from the state 1, 2, 3, 4: rotl(2·5, 7)·9 = 11520; the new state is 7, 0, 1026, 12288.
    const stream = RandomStream.restored([1, 2, 3, 4]);
    expect(stream.bits()).toBe(11520);
    expect(stream.state).toEqual([7, 0, 1026, 12288]);
    expect(stream.bits()).toBe(0);
  });

  it('is the same for the same keys, and another for others', () => {
    expect(take(RandomStream.seeded(1, 2), 5)).toEqual(take(RandomStream.seeded(1, 2), 5));
    const firsts = [[], [0], [1], [0, 0], [0, 1], [1, 0], [2 ** 31]].map(
      (keys) => take(RandomStream.seeded(...keys), 1)[0],
    );
    expect(new Set(firsts).size).toBe(7);
  });

  it('goes on where a written down state left off', () => {
    const stream = RandomStream.seeded(5);
    take(stream, 1000);
    const state = JSON.parse(JSON.stringify(stream.state));
    expect(take(RandomStream.restored(state), 100)).toEqual(take(stream, 100));
  });

  it('is evenly spread: mean 1/2, variance 1/12, no memory of the number before', () => {
    const stream = RandomStream.seeded(3);
    const numbers = Array.from({ length: 100_000 }, () => stream.next() - 0.5);
    const mean = (f: (x: number, i: number) => number) =>
      numbers.reduce((sum, x, i) => sum + f(x, i), 0) / numbers.length;
    // Five standard errors.
    expect(Math.abs(mean((x) => x))).toBeLessThan(0.0046);
    expect(Math.abs(mean((x) => x * x) - 1 / 12)).toBeLessThan(0.0012);
    expect(Math.abs(mean((x, i) => x * (numbers[i - 1] ?? 0)))).toBeLessThan(0.0014);
  });

  it('draws a token as often as its probability says', () => {
    const probabilities = Float32Array.from({ length: 30_000 }, (_, i) => [0, 0.2, 1][i % 3]!);
    const draws = RandomStream.seeded(4).bernoulli(probabilities);
    const share = (which: number) => draws.filter((_, i) => i % 3 === which).reduce((a, b) => a + b, 0) / 10_000;
    expect(share(0)).toBe(0);
    expect(Math.abs(share(1) - 0.2)).toBeLessThan(0.02);
    expect(share(2)).toBe(1);
  });

  it('puts things into every order equally often', () => {
    const stream = RandomStream.seeded(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = stream.permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // 2000 expected, with a standard deviation of 41.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(205);
  });
});

describe('the order of epochs', () => {
  it('shows every sample once an epoch, each time in another order', () => {
    const order = new EpochOrder(10, 1);
    const epochs = [0, 1, 2].map((epoch) => [...order.batch(epoch, 10)]);
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  it('lets a batch go over the end of an epoch', () => {
    const order = new EpochOrder(5, 1);
    const inBatches = [0, 1, 2, 3, 4].flatMap((index) => [...order.batch(index, 3)]);
    expect(inBatches).toEqual([0, 1, 2].flatMap((epoch) => [...order.batch(epoch, 5)]));
  });

  it('depends on seed and number alone', () => {
    const order = new EpochOrder(100, 7);
    const third = [...order.batch(30, 8)];
    order.batch(0, 8);
    expect([...order.batch(30, 8)]).toEqual(third);
    expect([...new EpochOrder(100, 7).batch(30, 8)]).toEqual(third);
    expect([...new EpochOrder(100, 8).batch(30, 8)]).not.toEqual(third);
  });
});
