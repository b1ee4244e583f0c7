import { parse as parseOther } from '@plussub/srt-vtt-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WebVTTParser } from 'webvtt-parser';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { cueTime } from '#engine/export/subtitles/cues.ts';
import { srt } from '#engine/export/subtitles/srt.ts';
import { webvtt } from '#engine/export/subtitles/webvtt.ts';
import { pretendedSource, writtenBy } from '../../../fixtures/export-source.ts';

const WINNERS = [
  [0, 0.9],
  [0, 0.8],
  [1, 0.7],
] as const;
/** Names that break careless writers. */
const nastyLabel = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => /[\p{L}\p{N}]/u.test(text)),
  fc.constantFrom(
    'a --> b',
    '<b>bold</b>',
    'a &amp; b',
    'two\n\nlines',
    '{\\an8}x',
    'NOTE',
    '00:00 --> 00:01',
    '日本語',
  ),
);
/** Its types are lost on the way. */
const otherCues = (text: string): readonly { from: number; to: number; text: string }[] => parseOther(text).entries;
/** WebVTT's own reference parser knows entities; what is drawn is compared. */
const webvttCues = (text: string) => {
  const { cues, errors } = new WebVTTParser({ '&amp': '&', '&amp;': '&', '&lt;': '<', '&gt;': '>' }).parse(text);
  return { cues, errors };
};

describe('WebVTT', () => {
  test('says what is seen when', async () => {
    const text = (await writtenBy(webvtt, pretendedSource({ winners: WINNERS }))).toString();
    const { cues, errors } = webvttCues(text);
    expect(errors).toEqual([]);
    expect(cues.map(({ startTime, endTime, text }) => [startTime, endTime, text])).toEqual([
      [0, 4, 'walk 85 %'],
      [4, 6, 'jump 70 %'],
    ]);
  });

  test('is understood by other parsers, whatever actions are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(nastyLabel, nastyLabel), async (labels) => {
        const source = pretendedSource({ labels, winners: WINNERS, path: '/v/-->.mp4' });
        const text = (await writtenBy(webvtt, source)).toString();
        const { cues, errors } = webvttCues(text);
        expect(errors).toEqual([]);
        expect(cues.map(({ startTime, endTime }) => [startTime, endTime])).toEqual([
          [0, 4],
          [4, 6],
        ]);
        expect(otherCues(text).map(({ from, to }) => [from, to])).toEqual([
          [0, 4000],
          [4000, 6000],
        ]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('SubRip', () => {
  test('says what is seen when', async () => {
    const text = (await writtenBy(srt, pretendedSource({ winners: WINNERS }))).toString();
    expect(otherCues(text).map(({ from, to, text }) => [from, to, text])).toEqual([
      [0, 4000, 'walk 85 %'],
      [4000, 6000, 'jump 70 %'],
    ]);
  });

  test('is understood by another parser, whatever actions are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(nastyLabel, nastyLabel), async (labels) => {
        const text = (await writtenBy(srt, pretendedSource({ labels, winners: WINNERS }))).toString();
        expect(otherCues(text).map(({ from, to }) => [from, to])).toEqual([
          [0, 4000],
          [4000, 6000],
        ]);
        expect(text.match(/-->/g)).toHaveLength(2);
      }),
      { numRuns: 50 },
    );
  });

  test('has nothing in it where nothing is certain', async () => {
    const intervals = { ...DEFAULT_INTERVAL_RULE, minimumProbability: 0.95 };
    const call = { settings: { intervals } };
    expect((await writtenBy(srt, pretendedSource({ winners: WINNERS }), call)).toString()).toBe('');
  });
});

test.each([
  [0, '00:00:00.000'],
  [61_001, '00:01:01.001'],
  [3_599_999, '00:59:59.999'],
  [360_000_000, '100:00:00.000'],
])('%i ms are %s', (milliseconds, text) => {
  expect(cueTime(milliseconds, '.')).toBe(text);
  expect(cueTime(milliseconds, ',')).toBe(text.replace('.', ','));
});
