import { expect, test } from 'vitest';
import { type ClipMap, KnownMaps } from '../../../../renderer/src/state/known-maps.ts';

const of: ClipMap = { job: '9b2f0a51-2a0e-4e6c-8f0e-6a1d9d6c0a11', clip: 3, map: 'saliency' };
const scores = (value: number) => new Map([['center', Float32Array.of(value)]] as const);

test('a map is known for its clip of its analysis alone', () => {
  const known = new KnownMaps().with(of, scores(1));
  expect(known.get({ ...of })).toEqual(scores(1));
  expect(known.get({ ...of, clip: 13 })).toBeUndefined();
  expect(known.get({ ...of, map: 'random' })).toBeUndefined();
  expect(known.get({ ...of, job: '0c4f6f0e-55a9-4f4e-9c36-0f1f5c9a7d22' })).toBeUndefined();
});

test('of many maps those that came first go first', () => {
  let known = new KnownMaps(3);
  for (let clip = 0; clip < 5; clip++) known = known.with({ ...of, clip }, scores(clip));
  expect([0, 1, 2, 3, 4].map((clip) => known.get({ ...of, clip }) !== undefined)).toEqual([
    ...[false, false],
    ...[true, true, true],
  ]);
});
