import { describe, expect, test } from 'vitest';
import { oneAhead } from '#engine/analysis/one-ahead.ts';

/** Counts up, and notes what was asked for and whether it was closed. */
function counting(limit: number) {
  const seen = { made: 0, closed: false };
  async function* numbers(): AsyncGenerator<number, void, undefined> {
    try {
      while (seen.made < limit) yield seen.made++;
    } finally {
      seen.closed = true;
    }
  }
  return { seen, numbers: numbers() };
}

describe('reading one ahead', () => {
  test('gives every item once, in order', async () => {
    expect(await Array.fromAsync(oneAhead(counting(5).numbers))).toEqual([0, 1, 2, 3, 4]);
  });

  test('has the next item made while the present one is used, and no more', async () => {
    const { seen, numbers } = counting(100);
    for await (const item of oneAhead(numbers)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(seen.made).toBe(item + 2);
      if (item === 3) break;
    }
    expect(seen.closed).toBe(true);
  });

  test('throws what the source throws, after the items before it', async () => {
    async function* failing(): AsyncGenerator<number, void, undefined> {
      yield 1;
      throw new Error('broken');
    }
    const got: number[] = [];
    await expect(async () => {
      for await (const item of oneAhead(failing())) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        got.push(item);
      }
    }).rejects.toThrow('broken');
    expect(got).toEqual([1]);
  });
});
