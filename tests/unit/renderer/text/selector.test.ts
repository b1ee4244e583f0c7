import { expect, test } from 'vitest';
import { selectorWords } from '../../../../renderer/src/text/selector.ts';

test('a choice of patches is said in a few words', () => {
  expect(selectorWords({})).toBe('The model’s choice');
  expect(selectorWords({ threshold: 0.4 })).toBe('The model’s choice above 0.4');
  expect(selectorWords({ name: 'full', keep: 0.3 })).toBe('Every patch');
  expect(selectorWords({ name: 'saliency', keep: 0.3 })).toBe('Saliency, best 30 %');
  expect(selectorWords({ name: 'random', keep: 0.3 })).toBe('Random, 30 %');
  // As the engine has it: the threshold wins.
  expect(selectorWords({ name: 'interpreter', threshold: 0.5, keep: 0.3 })).toBe('Interpreter above 0.5');
});
