import { expect, test } from 'vitest';
import { type StoredResult, surplusResults } from '#engine/store/surplus-results.ts';

/** Results `0`, `1`, … of 100 bytes each; a higher number was used later. */
const stored = (...numbers: number[]): StoredResult[] =>
  numbers.map((n) => ({ key: { content: 'video', result: String(n) }, bytes: 100, usedAt: n }));
const none = () => false;
const these =
  (...names: string[]) =>
  ({ result }: { result: string }) =>
    names.includes(result);
const surplus = (...args: Parameters<typeof surplusResults>) => surplusResults(...args).map(({ result }) => result);

test('what keeps within the limits stays', () => {
  expect(surplus(stored(0, 1, 2), { results: 3, bytes: 300 }, none)).toEqual([]);
  expect(surplus([], { results: 1, bytes: 1 }, none)).toEqual([]);
});

test('of too many, those that were not used for longest go', () => {
  expect(surplus(stored(3, 0, 2, 1), { results: 2, bytes: 1000 }, none)).toEqual(['1', '0']);
});

test('of too many bytes, too', () => {
  expect(surplus(stored(3, 0, 2, 1), { results: 100, bytes: 250 }, none)).toEqual(['1', '0']);
});

test('a large one goes where smaller ones may stay', () => {
  const [large, ...small] = stored(2, 3, 1);
  const all = [{ ...large!, bytes: 1000 }, ...small];
  expect(surplus(all, { results: 100, bytes: 500 }, none)).toEqual(['2']);
});

test('what is needed stays, and takes its room first', () => {
  expect(surplus(stored(0, 1, 2, 3), { results: 2, bytes: 1000 }, these('0'))).toEqual(['2', '1']);
  expect(surplus(stored(0, 1, 2, 3), { results: 1, bytes: 100 }, these('0', '1', '2'))).toEqual([]);
});

test('the latest one stays, however large it is', () => {
  const [latest, ...others] = stored(5, 1, 2);
  expect(surplus([{ ...latest!, bytes: 10_000 }, ...others], { results: 100, bytes: 500 }, none)).toEqual(['2', '1']);
});
