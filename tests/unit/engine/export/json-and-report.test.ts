import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { exportedAnalysisSchema } from '#contract/exports.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { analysisJson } from '#engine/export/analysis-json.ts';
import { labelledIntervals } from '#engine/export/labelled-intervals.ts';
import { markup } from '#engine/export/markup.ts';
import { actionTotals } from '#engine/export/report/action-totals.ts';
import { timelinePicture } from '#engine/export/report/timeline-picture.ts';
import { pretendedSource, writtenBy } from '../../../fixtures/export-source.ts';

describe('the document', () => {
  test('is what the contract says, with all probabilities and where it comes from', async () => {
    const source = pretendedSource({
      winners: [
        [0, 0.9],
        [0, 0.7],
        [1, 0.8],
      ],
      views: 3,
    });
    const text = (await writtenBy(analysisJson, source)).toString();
    const document = exportedAnalysisSchema.strict().parse(JSON.parse(text));
    expect(document.provenance).toMatchObject({
      source: { sha256: 'a'.repeat(64) },
      model: { weights: { sha256: 'b'.repeat(64) }, licence: { name: 'CC-BY-NC-4.0' } },
      intervals: DEFAULT_INTERVAL_RULE,
    });
    expect(document.clips[2]?.probabilities).toEqual(Array(3).fill([0.1, 0.8, 0.1]));
    expect(document.intervals).toMatchObject([
      { label: 'walk', startSeconds: 0, endSeconds: 4, firstFrame: 0, lastFrame: 119, firstClip: 0, lastClip: 1 },
      { label: 'jump', startSeconds: 4, endSeconds: 6, firstFrame: 120, lastFrame: 179 },
    ]);
  });
});

describe('markup', () => {
  test('escapes everything that is put into it, and nothing that is markup', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('</a>', '"x"', "'", '&lt;', '<script>'));
    fc.assert(
      fc.property(text, (value) => {
        const xml = markup`<a b="${value}"><c>${value}</c>${[markup`<d/>`, null]}</a>`.text;
        expect(XMLValidator.validate(xml)).toBe(true);
        const parser = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false });
        const { a } = parser.parse(xml);
        expect(Object.keys(a).sort()).toEqual(['@_b', 'c', 'd']);
      }),
    );
    expect(markup`<p>${'a < b & "c"'}</p>`.text).toBe('<p>a &lt; b &amp; &quot;c&quot;</p>');
  });
});

describe('the timeline of a report', () => {
  test('has a bar for each interval, at its place', async () => {
    const source = pretendedSource({
      winners: [
        [0, 0.9],
        [1, 0.7],
        [0, 0.8],
        [0, 0.8],
      ],
      views: 3,
    });
    const intervals = await labelledIntervals(source, DEFAULT_INTERVAL_RULE);
    const totals = actionTotals(intervals);
    expect(totals).toMatchObject([
      { label: 'walk', seconds: 6, intervals: 2 },
      { label: 'jump', seconds: 2, intervals: 1 },
    ]);
    const svg = timelinePicture(8, source.analysis.clips, intervals, totals).text;
    expect(XMLValidator.validate(svg)).toBe(true);
    const bars = [...svg.matchAll(/<rect class="c\d" x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)].map((match) =>
      match.slice(1).map(Number),
    );
    // 130 … 900 are 0 … 8 s; the longest action has the first lane.
    expect(bars).toEqual([
      [130, 0, 192.5],
      [515, 0, 385],
      [322.5, 26, 192.5],
    ]);
  });
});
