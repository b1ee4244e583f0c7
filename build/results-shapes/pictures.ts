import { barPanels, describePanels, type Panel } from '../results/pictures/bar-panels.ts';
import { CHANCE, ERROR, type ErrorPoint, KEPT, rewardSeries } from '../results/pictures/kept-and-error.ts';
import { lineChart, type Series } from '../results/pictures/line-chart.ts';
import { COLOURS } from '../results/pictures/svg.ts';
import { percent, sourceLine } from '../results/pictures/words.ts';
import type { ResultOf } from './document.ts';

const LEARNT_BY = { reinforce: 'REINFORCE', gumbel: 'straight-through Gumbel' } as const;

export function rewardsPicture(result: ResultOf<'rewards'>): string {
  const { rows, training } = result;
  return lineChart({
    title: 'Price of a wrong answer, and shape of the reward',
    subtitle: `Short trainings of ${training.steps} steps of the second interpreter; τ is the price`,
    source: sourceLine(result),
    description: rows.map((row) => `${row.shape}, τ ${row.tau}: ${words(row)}`).join('; '),
    x: KEPT,
    y: ERROR,
    series: [chanceOf(rows), ...rewardSeries(rows)],
    levels: [],
  });
}

export function gumbelPicture(result: ResultOf<'gumbel'>): string {
  const { rows, training } = result;
  return lineChart({
    title: 'REINFORCE against Gumbel softmax',
    subtitle: `Short trainings of ${training.steps} steps of the second interpreter, at several learning rates`,
    source: sourceLine(result),
    description: rows.map((row) => `${LEARNT_BY[row.estimator]}, ${row.learningRate}: ${words(row)}`).join('; '),
    x: KEPT,
    y: ERROR,
    series: [
      chanceOf(rows),
      ...(['gumbel', 'reinforce'] as const).map((estimator, i): Series => {
        const style = (
          [
            { colour: COLOURS.blue, shape: 'circle' },
            { colour: COLOURS.vermillion, shape: 'diamond' },
          ] as const
        )[i];
        const points = rows
          .filter((row) => row.estimator === estimator)
          .map(({ keepRatio: x, error: y, learningRate }) => ({ x, y, label: String(learningRate) }));
        return { colour: COLOURS.blue, shape: 'circle', ...style, name: LEARNT_BY[estimator], joined: false, points };
      }),
    ],
    levels: [],
  });
}

export function peersPicture(result: ResultOf<'peers'>): string {
  const own = [
    { name: 'every patch', ...result.full },
    { name: 'interpreters', ...result.selected },
  ];
  const points = (rows: readonly { name: string; gmacs: number; error: number }[]) =>
    rows.map(({ name, gmacs: x, error: y }) => ({ x, y, label: name }));
  return lineChart({
    title: 'Beside other models of the same data',
    subtitle: 'Error over the computation of an image',
    source: sourceLine(result),
    description: [...own, ...result.rows]
      .map(({ name, gmacs, error }) => `${name}: ${gmacs.toFixed(3)} GMACs, error ${percent(1)(error)}`)
      .join('; '),
    x: { title: 'GMACs an image', format: (value) => value.toFixed(2), from: 0 },
    y: { ...ERROR, title: 'error' },
    series: [
      { name: result.provenance.bundle.name, colour: COLOURS.blue, shape: 'circle', joined: true, points: points(own) },
      { name: 'others', colour: COLOURS.vermillion, shape: 'diamond', joined: false, points: points(result.rows) },
    ],
    levels: [],
  });
}

const MAP_NAMES: Readonly<Record<string, string>> = {
  'interpreter-1': 'interpreter 1',
  'interpreter-2': 'interpreter 2',
  'interpreter-3': 'interpreter 3',
  attention: 'attention, block 2',
  'attention-rollout': 'attention rollout',
  'attention-gradient': 'attention × gradient',
  'input-gradient': 'input × gradient',
};

export function mapsPicture(result: ResultOf<'maps'>): string {
  type Row = (typeof result.rows)[number];
  const panel = (title: string, of: (row: Row) => number): Panel => ({
    title,
    hint: 'higher is better',
    format: percent(1),
    bars: result.rows.map((row) => {
      const isOwn = row.map.startsWith('interpreter');
      const colour = isOwn ? COLOURS.blue : row.map === 'random' ? COLOURS.orange : COLOURS.grey;
      return { name: MAP_NAMES[row.map] ?? row.map, value: of(row), colour };
    }),
  });
  const panels = [
    panel('pixel accuracy, above the mean', (row) => row.mean.pixelAccuracy),
    panel('mean IoU, above the mean', (row) => row.mean.meanIou),
    panel('pixel accuracy, Otsu', (row) => row.otsu.pixelAccuracy),
    panel('mean IoU, Otsu', (row) => row.otsu.meanIou),
    panel('mean accuracy, above the mean', (row) => row.mean.meanAccuracy),
    panel('average precision', (row) => row.averagePrecision),
  ];
  return barPanels({
    title: 'Do heat maps show the shape?',
    subtitle: 'Agreement with the exact masks',
    source: sourceLine(result),
    description: describePanels(panels),
    columns: 2,
    panels,
  });
}

function chanceOf(rows: readonly { readonly keepRatio: number; readonly randomError: number }[]): Series {
  const points = rows.map(({ keepRatio: x, randomError: y }) => ({ x, y }));
  return { ...CHANCE, joined: false, points };
}

function words({ keepRatio, error, randomError }: ErrorPoint & { readonly randomError: number }): string {
  return `keeps ${percent(1)(keepRatio)}, error ${percent(1)(error)}, random ${percent(1)(randomError)}`;
}
