import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { borisTable } from '#engine/export/tables/boris-table.ts';
import { clipTable } from '#engine/export/tables/clip-table.ts';
import { csvLine } from '#engine/export/tables/csv-line.ts';
import { pretendedSource, writtenBy } from '../../../fixtures/export-source.ts';

const read = (text: string | Buffer): string[][] => parse(text, { record_delimiter: '\r\n' });
/** What spreadsheets take for a formula. */
const STARTS_FORMULA = /^[=+\-@\t\r＝＋－＠]/;

describe('a line of CSV', () => {
  test('comes back from another parser as it was, whatever is in it', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('a,b', '"', 'a "b" c', 'two\nlines', '\r\n', '日本語', 'прыжок, шаг', ' blank ', '💡'),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 6 }), (cells) => {
        const [row] = read(csvLine(cells));
        expect(row).toEqual(cells.map((one) => (STARTS_FORMULA.test(one) ? `'${one}` : one)));
      }),
    );
  });

  test('has no cell that a spreadsheet would compute', () => {
    const nasty = fc.tuple(fc.constantFrom(...'=+-@\t\r＝＋－＠'), fc.string()).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (cells) => {
        for (const cell of read(csvLine(['first', ...cells]))[0] ?? []) expect(cell).not.toMatch(STARTS_FORMULA);
      }),
    );
  });

  test('ends as RFC 4180 says, and leaves numbers alone', () => {
    expect(csvLine(['a', 1.5, -2, null, 0])).toBe('a,1.5,-2,,0\r\n');
  });
});

describe('the table of clips', () => {
  const labels = ['=SUM(A1)', 'a, "b"', 'прыжок\nвверх'];
  const source = pretendedSource({
    labels,
    winners: [
      [0, 0.9],
      [1, 0.8],
      [2, 0.7],
    ],
    views: 3,
    path: '/v/видео, 1.mp4',
  });

  test('has a row for each clip and view, with seconds and frame numbers', async () => {
    const rows: Record<string, string>[] = parse(await writtenBy(clipTable, source), { columns: true });
    expect(rows).toHaveLength(9);
    expect(rows.map(({ view }) => view)).toEqual(Array(3).fill(['left', 'center', 'right']).flat());
    expect(rows[4]).toMatchObject({
      ...{
        video: 'видео, 1.mp4',
        clip: '1',
        start_seconds: '2',
        end_seconds: '4',
        first_frame: '60',
        last_frame: '119',
      },
      ...{ sampled_frames: '60 119', kept_patches: '3', total_patches: '8', keep_ratio: '0.375' },
      ...{ prediction_1: 'a, "b"', probability_1: '0.8', three_clip: 'a, "b"', agrees: 'no' },
    });
    expect(rows[0]?.prediction_1).toBe("'=SUM(A1)");
    expect(rows[8]?.prediction_1).toBe('прыжок\nвверх');
  });

  test('leaves the columns of three clips empty where one was run', async () => {
    const one = pretendedSource({ winners: [[0, 0.9]] });
    const rows: Record<string, string>[] = parse(await writtenBy(clipTable, one), { columns: true });
    expect(rows).toMatchObject([{ view: 'center', one_clip: 'walk', three_clip: '', agrees: '' }]);
  });
});

describe('the events for BORIS', () => {
  test('are its aggregated state events, one for each interval', async () => {
    const source = pretendedSource({
      winners: [
        [0, 0.9],
        [0, 0.7],
        [1, 0.8],
        [2, 0.1],
      ],
    });
    const rows: Record<string, string>[] = parse(await writtenBy(borisTable, source), { columns: true });
    expect(rows).toMatchObject([
      {
        ...{ 'Observation id': 'a video', 'Observation date': '2026-01-02 03:04:05', Behavior: 'walk' },
        ...{ 'Behavior type': 'STATE', 'Start (s)': '0.000', 'Stop (s)': '4.000', 'Duration (s)': '4.000' },
        ...{ 'Media file name': 'a video.mp4', 'FPS (frame/s)': '30.000', 'Image index start': '0' },
        ...{ 'Image index stop': '119', 'Comment start': 'probability 0.800' },
      },
      { Behavior: 'jump', 'Start (s)': '4.000', 'Stop (s)': '6.000' },
      // What is less certain than the rule asks for would be a gap; the last clip's winner has 0.45.
      { Behavior: 'walk', 'Start (s)': '6.000', 'Stop (s)': '8.000' },
    ]);
  });
});
