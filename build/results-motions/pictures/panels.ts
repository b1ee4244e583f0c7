import { type Bar, barPanels, describePanels, type Panel } from '../../results/pictures/bar-panels.ts';
import { COLOURS } from '../../results/pictures/svg.ts';
import { percent, sourceLine } from '../../results/pictures/words.ts';
import type { ResultOf } from '../document.ts';
import { dotRows } from './dot-rows.ts';

/** Pictures of tables that hold several figures of a few things beside each other. */

export function videoPicture(result: ResultOf<'video'>): string {
  const { full, selected, random, speedUp } = result;
  type Row = typeof full;
  const rows = [
    { name: 'every patch', row: full, colour: COLOURS.grey },
    { name: 'IA-RED²', row: selected, colour: COLOURS.blue },
    { name: 'random', row: random, colour: COLOURS.orange },
  ];
  const panel = (title: string, hint: string, format: (value: number) => string, of: (row: Row) => number): Panel => ({
    title,
    hint,
    format,
    bars: rows.map(({ name, row, colour }) => ({ name, value: of(row), colour })),
  });
  const panels = [
    panel('clip-1 error', 'lower is better', percent(1), (row) => row.clip1Error),
    panel('video-1 error', 'three views; lower is better', percent(1), (row) => row.video1Error),
    panel('patches kept', 'of all', percent(1), (row) => row.keepRatio),
    panel(
      'GMACs',
      'of a view; lower is better',
      (value) => value.toFixed(2),
      (row) => row.gmacs,
    ),
    panel(
      'views a second',
      'higher is better',
      (value) => value.toFixed(1),
      (row) => row.viewsPerSecond,
    ),
    panel(
      'time of a view',
      'median; lower is better',
      (value) => `${value.toFixed(1)} ms`,
      (row) => row.viewMs,
    ),
  ];
  return barPanels({
    title: `IA-RED² is ${speedUp.median.toFixed(2)} times as fast as the full model`,
    subtitle: `Whole views: stem, interpreter, selection and trunk, in turn with the full model; ${speedUp.pairs.toLocaleString('en-US')} pairs`,
    source: sourceLine(result),
    description: describePanels(panels),
    columns: 3,
    panels,
  });
}

const MAP_NAMES: Readonly<Record<string, string>> = {
  interpreter: 'interpreter',
  random: 'random',
  'frame-difference': 'frame difference',
  saliency: 'saliency',
  'attention-rollout': 'rollout',
};

export function masksPicture(result: ResultOf<'masks'>): string {
  const { maps, curveClips, foreground } = result;
  type Row = (typeof maps)[number];
  const panel = (title: string, hint: string, format: (value: number) => string, of: (row: Row) => number): Panel => ({
    title,
    hint,
    format,
    bars: maps.map((row): Bar => {
      const colour = row.map === 'interpreter' ? COLOURS.blue : row.map === 'random' ? COLOURS.orange : COLOURS.grey;
      return { name: MAP_NAMES[row.map] ?? row.map, value: of(row), colour };
    }),
  });
  const area = (value: number) => value.toFixed(3);
  const panels = [
    panel(
      'average precision',
      `higher is better; ${percent(1)(foreground)} is figure`,
      percent(1),
      (row) => row.averagePrecision,
    ),
    panel('mean IoU', 'higher is better', percent(1), (row) => row.meanIou),
    panel('mean accuracy', 'higher is better', percent(1), (row) => row.meanAccuracy),
    panel('pixel accuracy', 'higher is better', percent(1), (row) => row.pixelAccuracy),
    panel('deletion, grey', 'area under the curve; lower is better', area, (row) => row.deletion.zero),
    panel('insertion, grey', 'area under the curve; higher is better', area, (row) => row.insertion.zero),
    panel('deletion, blurred', 'area under the curve; lower is better', area, (row) => row.deletion.blur),
    panel('insertion, blurred', 'area under the curve; higher is better', area, (row) => row.insertion.blur),
  ];
  return barPanels({
    title: 'Do score maps show the figure, and what the model looks at?',
    subtitle: `Agreement with foreground masks, then deletion and insertion on ${curveClips.toLocaleString('en-US')} clips`,
    source: sourceLine(result),
    description: describePanels(panels),
    columns: 2,
    panels,
  });
}

export function singleFramePicture(result: ResultOf<'single-frame'>): string {
  const { classes, chance, clip, shuffled, oneFrame, trainedOnOneFrame: trained } = result;
  const values = (
    of: { readonly clip: number; readonly shuffled: number; readonly oneFrame: number },
    learnt: number | undefined,
  ) => [of.oneFrame, ...(learnt === undefined ? [] : [learnt]), of.shuffled, of.clip];
  const rows = classes.map((row, i) => ({ ...row, learnt: trained?.classes[i] }));
  const sorted = rows.toSorted((a, b) => a.clip - a.oneFrame - (b.clip - b.oneFrame));
  const learntToo = trained === null ? '' : `, ${percent(1)(trained.accuracy)} by a model that learnt single frames`;
  return dotRows({
    title: 'What motion is worth to the model',
    subtitle: `Accuracy: ${percent(1)(clip)} from clips, ${percent(1)(shuffled)} from shuffled frames, ${percent(1)(oneFrame)} from one frame shown all the time${learntToo}`,
    source: sourceLine(result),
    description: classes
      .map((row) => `${row.name}: clip ${percent(0)(row.clip)}, one frame ${percent(0)(row.oneFrame)}`)
      .join('; '),
    styles: [
      { name: 'one frame', colour: COLOURS.orange, shape: 'square' },
      ...(trained === null
        ? []
        : [{ name: 'trained on one frame', colour: COLOURS.green, shape: 'triangle' } as const]),
      { name: 'shuffled frames', colour: COLOURS.purple, shape: 'diamond' },
      { name: 'clip', colour: COLOURS.blue, shape: 'circle' },
    ],
    rows: [
      { name: 'all classes', values: values(result, trained?.accuracy), strong: true },
      ...sorted.map((row) => ({ name: row.name, values: values(row, row.learnt) })),
    ],
    format: percent(0),
    from: 0,
    to: 1,
    level: { name: 'chance', value: chance },
  });
}
