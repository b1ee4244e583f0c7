import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { npyHeader, npyTexts } from '#engine/export/arrays/npy.ts';
import { npz } from '#engine/export/arrays/npz.ts';
import { pretendedSource, writtenBy } from '../../../fixtures/export-source.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const PYTHON = '/usr/bin/python3';
const hasNumpy = (() => {
  try {
    execFileSync(PYTHON, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const SOURCE = pretendedSource({
  labels: ['walk', 'прыжок', '💡 on'],
  winners: [
    [0, 0.9],
    [1, 0.8],
  ],
  views: 3,
});

/** What NumPy itself makes of an archive. */
const READER = `
import json, sys, numpy
with numpy.load(sys.argv[1], allow_pickle=False) as archive:
    print(json.dumps({name: {
        'dtype': archive[name].dtype.str, 'shape': archive[name].shape, 'values': archive[name].tolist(),
    } for name in archive.files}))
`;

describe('a NumPy archive', () => {
  test.skipIf(!hasNumpy)('opens in NumPy with everything in it (skipped without python3 and numpy)', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.npz');
    await writeFile(file, await writtenBy(npz, SOURCE));
    const arrays = JSON.parse(execFileSync(PYTHON, ['-c', READER, file], { encoding: 'utf8' }));
    expect(arrays.scores).toMatchObject({ dtype: '<f4', shape: [2, 3, 2, 2, 2] });
    // Token 5 of clip 1, view 2: patch 2 (row 1, column 0), frame 1.
    expect(arrays.scores.values[1][2][1][0][1]).toBeCloseTo(1 + 2 / 4 + 5 / 100, 6);
    expect(arrays.kept).toMatchObject({ dtype: '|b1', shape: [2, 3, 2, 2, 2] });
    expect(arrays.kept.values[0][0].flat(2)).toEqual([true, false, true, false, false, true, false, false]);
    expect(arrays.probabilities).toMatchObject({ dtype: '<f4', shape: [2, 3, 3] });
    expect(arrays.probabilities.values[1][0][1]).toBeCloseTo(0.8, 6);
    expect(arrays.labels.values).toEqual(['walk', 'прыжок', '💡 on']);
    expect(arrays.views.values).toEqual(['left', 'center', 'right']);
    expect(arrays.origins).toMatchObject({ dtype: '<i4', shape: [2, 3, 2] });
    expect(arrays.frame_size.values).toEqual([40, 32]);
    expect(arrays.start_seconds).toMatchObject({ dtype: '<f8', values: [0, 2] });
    expect(arrays.frame_indices.values).toEqual([
      [0, 59],
      [60, 119],
    ]);
    expect(JSON.parse(arrays.provenance.values)).toMatchObject({ model: { weights: { sha256: 'b'.repeat(64) } } });
  });

  test('is stored, not packed, and the same bytes every time', async () => {
    const bytes = await writtenBy(npz, SOURCE);
    expect(bytes.equals(await writtenBy(npz, SOURCE))).toBe(true);
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toContain('scores.npy');
    const scores = Buffer.from(files['scores.npy'] ?? []);
    expect(bytes.includes(scores)).toBe(true);
    expect(scores.subarray(0, 6).toString('latin1')).toBe('\x93NUMPY');
    expect(scores.length).toBe(npyHeader('<f4', [2, 3, 2, 2, 2]).length + 4 * 2 * 3 * 8);
  });

  test('has headers whose data begins at a multiple of 64', () => {
    for (const shape of [[], [1], [12345678], [1, 2, 3, 4, 5]]) expect(npyHeader('<f8', shape).length % 64).toBe(0);
  });

  test('knows characters beyond the first plane as one', () => {
    expect(npyTexts(['a', '💡💡'])).toEqual({
      type: '<U2',
      bytes: Uint8Array.from([97, 0, 0, 0, 0, 0, 0, 0, 0xa1, 0xf4, 1, 0, 0xa1, 0xf4, 1, 0]),
    });
  });
});
