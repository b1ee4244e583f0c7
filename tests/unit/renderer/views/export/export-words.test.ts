import { expect, test } from 'vitest';
import type { PlannedExport } from '#contract/exports.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { formatWords, planWords, ruleWords } from '../../../../../renderer/src/views/export/export-words.ts';

test.each([
  [[], 'Nothing'],
  [['Table (CSV)'], 'Table (CSV)'],
  [['A', 'B'], 'A and B'],
  [['A', 'B', 'C', 'D'], 'A, B and 2 more'],
])('what is made of videos that are added: %j', (titles, words) => {
  expect(formatWords(titles.map((title) => ({ title })))).toBe(words);
});

test('how clips become actions is said in a line', () => {
  expect(ruleWords(DEFAULT_INTERVAL_RULE)).toBe('Three clips, at least 25 %');
  const smoothing = { kind: 'median', clips: 5 } as const;
  expect(ruleWords({ basis: 'oneClip', smoothing, minimumProbability: 0 })).toBe('One clip, median of 5');
});

const planned = (change: Partial<PlannedExport>): PlannedExport => ({
  ...{ job: '', kind: 'figures', name: 'a.00000.png', files: 3, existing: 0, error: null },
  ...change,
});

test.each([
  [{}, 'a.00000.png and 2 more'],
  [{ existing: 2 }, 'a.00000.png and 2 more; 2 of them are there'],
  [{ existing: 3 }, 'a.00000.png and 2 more; all of them are there'],
  [{ files: 1, name: 'a.csv' }, 'a.csv'],
  [{ files: 1, name: 'a.csv', existing: 1 }, 'a.csv is there'],
])('where an export goes: %j', (change, words) => {
  expect(planWords(planned(change))).toBe(words);
});
