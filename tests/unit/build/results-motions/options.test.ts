import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../../../build/results-motions/options.ts';
import { TABLE_NAMES } from '../../../../build/results-motions/tables.ts';

describe('the options of npm run results:motions', () => {
  test('ask for every table on 1260 clips unless they say otherwise', () => {
    expect(parseOptions(['motions-tiny'])).toMatchObject({
      bundle: 'motions-tiny',
      tables: TABLE_NAMES,
      extent: { clips: 1260 },
      out: undefined,
      again: false,
      device: 'cpu',
    });
  });

  test('name tables, which are measured in their usual order', () => {
    const { tables, extent } = parseOptions(['motions-tiny', 'masks', 'thresholds', '--clips', '18']);
    expect(tables).toEqual(['thresholds', 'masks']);
    expect(extent.clips).toBe(18);
  });

  test.each([[[]], [['motions-tiny', 'tabel']], [['motions-tiny', '--clips', '0']]])('%j is not understood', (args) => {
    expect(() => parseOptions(args)).toThrow(CommanderError);
  });
});
