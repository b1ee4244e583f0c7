import { expect, test } from 'vitest';
import type { Crop } from '#contract/analysis.ts';
import type { ClipView } from '#engine/analysis/clip-view.ts';
import { ViewCache } from '#engine/jobs/view-cache.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);

/** A view of 8 kB. */
function view(index: number, crop: Crop = 'center'): ClipView {
  const times = { startSeconds: index * 2, endSeconds: index * 2 + 2, frameIndices: [], frameSeconds: [] };
  const tokens = { dtype: 'float32', dims: [1, 1000], data: new Float32Array(1000) } as const;
  return {
    clip: { index, ...times },
    ...{ crop, origin: [0, 0], frameSize: [1, 1], stream: 0 },
    pixels: new Float32Array(1000),
    embedded: { tokens, scores: null },
  };
}

test('a clip is there when all its views are', () => {
  const cache = new ViewCache();
  cache.add(A, view(3));
  cache.add(A, view(3));
  expect(cache.get(A, 3, 1)).toHaveLength(1);
  expect(cache.get(A, 3, 3)).toBeNull();
  cache.add(A, view(3, 'left'));
  cache.add(A, view(3, 'right'));
  expect(cache.get(A, 3, 3)?.map(({ crop }) => crop)).toEqual(['center', 'left', 'right']);
  expect(cache.get(B, 3, 3)).toBeNull();
  expect(cache.get(A, 4, 3)).toBeNull();
});

test('what is furthest from the screen goes first', () => {
  const cache = new ViewCache(5 * 8000);
  cache.focus(A, 10);
  cache.add(B, view(5));
  for (let index = 0; index < 10; index++) cache.add(A, view(index));
  expect(cache.get(B, 5, 1)).toBeNull();
  expect([...Array(10).keys()].filter((index) => cache.get(A, index, 1) !== null)).toEqual([3, 4, 5, 6, 7]);
  cache.focus(A, 0);
  for (let index = 0; index < 3; index++) cache.add(A, view(index));
  expect([...Array(10).keys()].filter((index) => cache.get(A, index, 1) !== null)).toEqual([0, 1, 2, 3, 4]);
});
