import { expect, test } from 'vitest';
import { durationWords } from '../../../../renderer/src/words/duration.ts';
import { selectorWords } from '../../../../renderer/src/words/selector.ts';
import { sizeWords } from '../../../../renderer/src/words/size.ts';

test.each([
  [0.4, 'under a second'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [599, '9 min 59 s'],
  [614, '10 min'],
  [3599, '1 h'],
  [7500, '2 h 5 min'],
])('%d s are %s', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [48_321, '48.3 kB'],
  [999_900, '1 MB'],
  [123_456_789, '123 MB'],
  [1.5e9, '1.5 GB'],
  [2e13, '20 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});

test('a choice of patches is said in a few words', () => {
  expect(selectorWords({})).toBe('The model’s choice');
  expect(selectorWords({ threshold: 0.4 })).toBe('The model’s choice above 0.4');
  expect(selectorWords({ name: 'full', keep: 0.3 })).toBe('Every patch');
  expect(selectorWords({ name: 'saliency', keep: 0.3 })).toBe('Saliency, best 30 %');
  expect(selectorWords({ name: 'random', keep: 0.3 })).toBe('Random, 30 %');
  // As the engine has it: the threshold wins.
  expect(selectorWords({ name: 'interpreter', threshold: 0.5, keep: 0.3 })).toBe('Interpreter above 0.5');
});
