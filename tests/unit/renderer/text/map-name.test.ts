import { expect, test } from 'vitest';
import { SCORE_MAPS } from '#contract/score-maps.ts';
import { METHODS } from '#engine/interpretation/map-names.ts';
import { mapName } from '../../../../renderer/src/text/map-name.ts';

test('every map of videos and images has words of its own', () => {
  const names = new Set([...SCORE_MAPS, ...METHODS]);
  const words = new Set([...names].map(mapName));
  expect(words.size).toBe(names.size);
  for (const name of names) expect(mapName(name)).not.toBe(name);
});

test('interpreters of groups are counted', () => {
  expect(mapName('interpreter-2')).toBe('Interpreter 2');
});
