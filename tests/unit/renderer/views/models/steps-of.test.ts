import { describe, expect, test } from 'vitest';
import { type ImportReport, stepsOf } from '../../../../../renderer/src/views/models/steps-of.ts';

const BEGUN: ImportReport = {
  ...{ phase: 'running', download: null, retry: null, checksumOf: null, files: null, checked: null },
  ...{ progress: null, isTrying: false, done: null },
};
const HALF: ImportReport = {
  ...BEGUN,
  download: { type: 'download', file: 'a', bytesDone: 50e6, bytesTotal: 100e6, bytesPerSecond: 10e6 },
};
const CHECKED: ImportReport = {
  ...BEGUN,
  files: [{ name: 'a', bytes: 100e6, sha256: 'f'.repeat(64), verified: false }],
  checked: {
    ...{ type: 'checked', format: 'hugging-face', kind: 'TimeSformer, divided space time', parameters: 121_258_752 },
    ...{ input: '8 frames of 224×224, rate 32', classes: 400, interpreter: false, labelsFrom: 'list' },
    firstLabels: ['abseiling', 'air drumming'],
  },
};

const states = (report: ImportReport) => stepsOf(report, true).map(({ state }) => state);

describe('the steps of a fetch', () => {
  test('begin with the download, which tells how far and how fast it is', () => {
    expect(states(BEGUN)).toEqual(['running', 'waiting', 'waiting', 'waiting', 'waiting']);
    expect(stepsOf(BEGUN, true)[0]).toMatchObject({ detail: 'Asking the source', share: null });
    expect(stepsOf(HALF, true)[0]).toMatchObject({ detail: '50 MB of 100 MB · 10 MB/s · 5 s left', share: 0.5 });
  });

  test('say when the connection was lost, and how long it takes', () => {
    const reason = { code: 'download-interrupted', message: 'The connection to a.example was lost.' };
    const [first] = stepsOf({ ...HALF, retry: { type: 'retry', seconds: 4, reason } }, true);
    expect(first?.detail).toBe('50 MB of 100 MB · The connection to a.example was lost. Trying again in 4 s.');
  });

  test('tell what was found, one after another', () => {
    expect(states(CHECKED)).toEqual(['done', 'done', 'done', 'running', 'waiting']);
    const [fetched, checked, named] = stepsOf(CHECKED, true);
    expect(fetched?.detail).toContain('its publisher states no checksum');
    expect(checked?.detail).toContain('Every one of its 121 million weights is there');
    expect(named?.detail).toBe(
      '400 classes, named after the list of its data set that comes with Patchlight: abseiling, air drumming …',
    );
    const progress = { type: 'progress', bytesDone: 1, bytesTotal: 4 } as const;
    expect(stepsOf({ ...CHECKED, progress }, true)[3]).toMatchObject({ state: 'running', share: 0.25 });
    expect(states({ ...CHECKED, progress, isTrying: true })).toEqual(['done', 'done', 'done', 'done', 'running']);
  });

  test.each(['failed', 'stopped'] as const)('show where it %s', (phase) => {
    expect(states({ ...HALF, phase })[0]).toBe(phase);
    expect(stepsOf({ ...HALF, phase }, true)[0]?.share).toBeUndefined();
    expect(states({ ...CHECKED, phase })).toEqual(['done', 'done', 'done', phase, 'waiting']);
  });

  test('are one less where a file is imported', () => {
    expect(stepsOf(BEGUN, false).map(({ title }) => title)[0]).toBe('Check what it is');
    expect(stepsOf(BEGUN, false)).toHaveLength(4);
  });
});
