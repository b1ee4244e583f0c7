import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { batchExports } from '#cli/commands/batch-exports.ts';
import { type ExportOptions, exportOptions, exportSettings } from '#cli/commands/export-options.ts';
import { DEFAULT_VIDEO_EXPORT } from '#contract/video-export.ts';

const exportsOf = (name: string, exportTo = '/out') => batchExports({ export: [name], exportTo });

function parse(...args: string[]): ExportOptions {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of exportOptions()) command.addOption(option);
  return command.parse(args, { from: 'user' }).opts<ExportOptions>();
}

describe('--export', () => {
  test.each([
    ['{name}.csv', 'csv', '/out', '{name}.csv'],
    ['{name}.boris.csv', 'boris', '/out', '{name}.boris.csv'],
    ['sub/{folder}/{name}.EAF', 'elan', '/out/sub', '{folder}/{name}.EAF'],
    ['./all.json', 'json', '/out', 'all.json'],
    ['../beside/{name}.vtt', 'webvtt', '/beside', '{name}.vtt'],
    ['/elsewhere/{name}.npz', 'npz', '/elsewhere', '{name}.npz'],
    ['{name}/{clip}.png', 'figures', '/out', '{name}/{clip}.png'],
    ['/{name}.html', 'report', '/', '{name}.html'],
  ])('%s is %s in %s', (name, kind, folder, pattern) => {
    expect(exportsOf(name)).toMatchObject([{ format: { kind }, folder, pattern }]);
  });

  test('begins in the current folder unless something else is said', () => {
    expect(exportsOf('a/{name}.csv', '.')).toMatchObject([{ folder: resolve('a') }]);
  });

  test.each([
    ['{name}.docx', 'Nothing can be exported as {name}.docx'],
    ['{name}', 'Nothing can be exported as {name}'],
    ['{nam}.csv', 'unknown placeholder {nam}'],
    ['{name}.png', 'one file for each clip'],
    ['{folder}/../../{name}.csv', 'cannot be called that'],
  ])('%s is wrong usage', (name, complaint) => {
    expect(() => exportsOf(name)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => exportsOf(name)).toThrow(complaint);
  });
});

describe('intervals', () => {
  test('go by the same rule as in the app unless something else is said', () => {
    expect(exportSettings(parse(), null).intervals).toEqual({
      ...{ basis: 'threeClip', smoothing: { kind: 'none', clips: 3 }, minimumProbability: 0.25 },
    });
    const said = ['--intervals-from', 'one', '--intervals-smoothing', 'median:5', '--min-confidence', '0.6'];
    expect(exportSettings(parse(...said), null).intervals).toEqual({
      ...{ basis: 'oneClip', smoothing: { kind: 'median', clips: 5 }, minimumProbability: 0.6 },
    });
  });

  test.each(['median', 'median:4', 'mean:33', 'mean:-1', 'none:3', 'best:3', 'mean:3:3'])(
    'are not smoothed by %s',
    (how) => {
      expect(() => parse('--intervals-smoothing', how)).toThrow(CommanderError);
    },
  );
});

describe('annotated videos', () => {
  test('are drawn as in the app unless something else is said', () => {
    expect(exportSettings(parse(), null).video).toEqual(DEFAULT_VIDEO_EXPORT);
  });

  test('are drawn as it is said, and hold the part that is analysed', () => {
    const drawn = ['--overlay', 'heat', '--overlay-opacity', '0.4', '--overlay-crops', 'center', '--between', 'blend'];
    const left = ['--without', 'comparison, legend,time', '--side-by-side'];
    const span = { startSeconds: 1, endSeconds: 3 };
    expect(exportSettings(parse(...drawn, ...left), span).video).toEqual({
      ...{ overlay: { mode: 'heat', opacity: 0.4 }, crops: 'center', between: 'blend', prediction: 'one' },
      ...{ keepRatio: true, time: false, legend: false, modelName: true, sideBySide: true, span },
    });
    expect(exportSettings(parse('--without', 'prediction,comparison'), null).video).toMatchObject({
      prediction: 'off',
    });
  });

  test.each([
    ['--overlay', 'dots'],
    ['--overlay-opacity', '2'],
    ['--without', 'sound'],
    ['--without', ''],
  ])('%s %o is wrong usage', (...args) => {
    expect(() => parse(...args)).toThrow(CommanderError);
  });
});
