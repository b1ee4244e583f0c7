import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '#contract/errors.ts';
import type { ExportSettings } from '#contract/export-choice.ts';
import { DEFAULT_INTERVAL_RULE, type IntervalRule } from '#contract/intervals.ts';
import { type Smoothing, smoothingSchema } from '#contract/smoothing.ts';
import { type DrawingOptions, drawingOptions, videoExport } from './drawing-options.ts';
import { numberBetween } from './options.ts';

/** What is made of the results, besides what is printed. */
export interface ExportOptions extends DrawingOptions {
  readonly export: readonly string[];
  readonly exportTo: string;
  readonly report?: string;
  readonly overwrite?: boolean;
  readonly intervalsFrom: 'one' | 'three';
  readonly intervalsSmoothing: Smoothing;
  readonly minConfidence: number;
}

export const exportOptions = (): Option[] => [
  new Option(
    '--export <name>',
    'write a file for each video; its ending says what: {name}.annotated.mp4, .webm, .gif, {name}.csv, .json, .npz, .vtt, .srt, .eaf, .boris.csv, .html, {name}.{clip}.png; can be given several times',
  )
    .argParser((name: string, before: readonly string[]) => [...before, name])
    .default([], 'none'),
  new Option('--export-to <dir>', 'where relative names of --export begin').default('.'),
  new Option('--report <file>', 'write one HTML report of all videos'),
  new Option('--overwrite', 'replace files that are there and were not exported before'),
  new Option(
    '--intervals-from <clips>',
    'what action intervals go by: the centre crop, or the average over three crops',
  )
    .choices(['one', 'three'])
    .default('three'),
  new Option('--intervals-smoothing <how>', 'none, or median:N or mean:N over N neighbouring clips, N odd')
    .argParser(parseSmoothing)
    .default(DEFAULT_INTERVAL_RULE.smoothing, 'none'),
  new Option('--min-confidence <x>', 'leave a gap where the winner has less')
    .argParser(numberBetween(0, 1))
    .default(DEFAULT_INTERVAL_RULE.minimumProbability),
  ...drawingOptions(),
];

/**
 * Options that are about exports say nothing where there are none.
 *
 * @param command That was called.
 * @throws UsageError naming one of them
 */
export function refuseWithoutExports(command: Command, { export: names, report }: ExportOptions): void {
  if (names.length > 0 || report !== undefined) return;
  const given = exportOptions().find((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  if (given === undefined) return;
  throw new UsageError(`${given.long} is about exports, and none is asked for.`, {
    hint: 'Say what to write with --export or --report.',
  });
}

/** @param span The part of each video that is analysed; null for all of it. */
export function exportSettings(
  options: ExportOptions,
  span: { readonly startSeconds: number; readonly endSeconds: number } | null,
): ExportSettings {
  return { intervals: intervalRule(options), video: videoExport(options, span) };
}

function intervalRule({ intervalsFrom, intervalsSmoothing, minConfidence }: ExportOptions): IntervalRule {
  const basis = intervalsFrom === 'one' ? 'oneClip' : 'threeClip';
  return { basis, smoothing: intervalsSmoothing, minimumProbability: minConfidence };
}

function parseSmoothing(text: string): Smoothing {
  if (text === 'none') return DEFAULT_INTERVAL_RULE.smoothing;
  const [kind, count, ...rest] = text.split(':');
  const smoothing = smoothingSchema.safeParse({ kind, clips: Number(count ?? Number.NaN) });
  if (smoothing.success && smoothing.data.kind !== 'none' && rest.length === 0) return smoothing.data;
  throw new InvalidArgumentError(
    'It must be none, median:N or mean:N, with N odd and at most 31: --intervals-smoothing median:5',
  );
}
