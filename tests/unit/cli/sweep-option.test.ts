import { describe, expect, test } from 'vitest';
import { parseSweep } from '#cli/commands/sweep-option.ts';

describe('--sweep', () => {
  test.each([
    ['threshold=0.45, 0.5', { parameter: 'threshold', values: [0.45, 0.5] }],
    ['keep=1,0.7', { parameter: 'keep', values: [1, 0.7] }],
    ['seed=1,2,3', { parameter: 'seed', values: [1, 2, 3] }],
    ['selector=interpreter,full', { parameter: 'selector', values: ['interpreter', 'full'] }],
  ])('%s is understood', (text, sweep) => {
    expect(parseSweep(text)).toEqual(sweep);
  });

  test.each([
    ['keep', 'a parameter and its values'],
    ['keep=', 'a parameter and its values'],
    ['keep=0.5,', 'a parameter and its values'],
    ['keep=0.5=1', 'a parameter and its values'],
    ['keep=half', 'between 0 and 1'],
    ['seed=0.5', 'whole number'],
    ['selector=best', 'no selector "best"'],
    ['depth=1,2', 'threshold, keep, selector, seed'],
  ])('%s is refused', (text, complaint) => {
    expect(() => parseSweep(text)).toThrow(complaint);
  });
});
