import { describe, expect, test } from 'vitest';
import {
  areSame,
  choiceOf,
  keptBy,
  requestOf,
  type SelectorChoice,
} from '../../../../renderer/src/state/selector-choice.ts';

const interpreter: SelectorChoice = { name: 'interpreter', rule: { kind: 'threshold', threshold: 0.5 }, seed: 0 };
const lower: SelectorChoice = { ...interpreter, rule: { kind: 'threshold', threshold: 0.25 } };
const full: SelectorChoice = { ...interpreter, name: 'full' };
const random: SelectorChoice = { name: 'random', rule: { kind: 'keep', ratio: 0.5 }, seed: 7 };

describe('what an analysis was made with', () => {
  const settings = { views: 3, strideSeconds: 1 } as const;

  test('is told by its settings, and asked for by the same words', () => {
    const choice = choiceOf({ ...settings, selector: 'random', threshold: null, keep: 0.5, seed: 7 }, null);
    expect(choice).toEqual(random);
    expect(requestOf(choice)).toEqual({ name: 'random', keep: 0.5, seed: 7 });
  });

  test('has the model’s own threshold ready where nothing limits it', () => {
    const choice = choiceOf({ ...settings, selector: 'full', threshold: null, keep: null, seed: null }, 0.4);
    expect(requestOf(choice)).toEqual({ name: 'full' });
    expect(requestOf({ ...choice, name: 'interpreter' }).keep).toBe(0.5);
  });
});

test('choices are the same when they keep the same', () => {
  expect(areSame(interpreter, { ...interpreter, seed: 3 })).toBe(true);
  expect(areSame(full, { ...full, rule: { kind: 'keep', ratio: 0.1 } })).toBe(true);
  expect(areSame(random, { ...random, seed: 8 })).toBe(false);
  expect(areSame(interpreter, lower)).toBe(false);
  expect(areSame(interpreter, { ...interpreter, rule: { kind: 'keep', ratio: 0.5 } })).toBe(false);
});

describe('what another choice keeps', () => {
  const view = { scores: Float32Array.of(0.1, 0.3, 0.6, 0.4), kept: Uint32Array.of(2), frameSeconds: [0, 1] };
  const kept = (choice: SelectorChoice, madeWith: SelectorChoice, hasInterpreter = true) => {
    const tokens = keptBy(choice, view, madeWith, hasInterpreter);
    return tokens === null ? null : [...tokens];
  };

  test('follows from the scores where they are the same', () => {
    expect(kept(lower, interpreter)).toEqual([1, 2, 3]);
    expect(kept({ ...random, rule: { kind: 'keep', ratio: 0.25 } }, random)).toEqual([2]);
  });

  test('is what the engine said where nothing has changed', () => {
    expect(kept(interpreter, interpreter)).toEqual([2]);
  });

  test('is everything for the full model, whatever the scores', () => {
    expect(kept(full, random)).toEqual([0, 1, 2, 3]);
  });

  test('is known after the full model only where that told the interpreter’s scores', () => {
    expect(kept(lower, full)).toEqual([1, 2, 3]);
    expect(kept(lower, full, false)).toBeNull();
  });

  test('is not known where other scores decide', () => {
    expect(kept({ ...random, seed: 8 }, random)).toBeNull();
    expect(kept({ ...random, name: 'saliency' }, interpreter)).toBeNull();
  });

  test('of frame differences always holds the first frame', () => {
    const difference: SelectorChoice = { ...interpreter, name: 'frame-difference' };
    const high: SelectorChoice = { ...difference, rule: { kind: 'threshold', threshold: 0.9 } };
    expect(kept(high, difference)).toEqual([0, 2]);
  });
});
