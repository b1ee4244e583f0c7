import { CHANCE, ERROR, fullLevel, KEPT, rewardSeries } from '../../results/pictures/kept-and-error.ts';
import { lineChart, type Series } from '../../results/pictures/line-chart.ts';
import { COLOURS } from '../../results/pictures/svg.ts';
import { percent, sourceLine } from '../../results/pictures/words.ts';
import type { ResultOf } from '../document.ts';
import type { ShortRow } from '../short-row.ts';

/** Pictures of tables in which the error goes with the patches that are kept. */

export function rewardsPicture(result: ResultOf<'rewards'>): string {
  const { rows, training } = result;
  return lineChart({
    title: 'Price of a wrong answer, and shape of the reward',
    subtitle: `Short trainings of ${training.steps} steps on a fixed backbone; τ is the price`,
    source: sourceLine(result),
    description: rows
      .map((row) => `${row.shape}, τ ${row.tau}: keeps ${percent(1)(row.keepRatio)}, error ${percent(1)(row.error)}`)
      .join('; '),
    x: KEPT,
    y: ERROR,
    series: rewardSeries(rows),
    levels: [fullLevel(result)],
  });
}

export function gumbelPicture(result: ResultOf<'gumbel'>): string {
  const names = { reinforce: 'REINFORCE', gumbel: 'straight-through Gumbel' } as const;
  const rows = result.rows.map(({ estimator, ...row }) => ({ name: names[estimator], ...row }));
  return shortTrainingsPicture('REINFORCE against Gumbel softmax', result, rows);
}

export function interpretersPicture(result: ResultOf<'interpreters'>): string {
  const names = { token: 'sees the token', 'motion-aware': 'sees its change, too' } as const;
  const rows = result.rows.map(({ interpreter, ...row }) => ({ name: names[interpreter], ...row }));
  return shortTrainingsPicture('An interpreter that sees motion', result, rows);
}

function shortTrainingsPicture(
  title: string,
  result: ResultOf<'gumbel' | 'interpreters'>,
  rows: readonly (ShortRow & { readonly name: string })[],
): string {
  const styles = [
    { colour: COLOURS.blue, shape: 'circle' },
    { colour: COLOURS.vermillion, shape: 'diamond' },
  ] as const;
  const chance = rows[0]?.keeps ?? [];
  return lineChart({
    title,
    subtitle: `Short trainings of ${result.training.steps} steps on a fixed backbone; the best-scored patches are kept`,
    source: sourceLine(result),
    description: rows
      .map(({ name, threshold, averagePrecision }) => {
        const [kept, error] = [threshold.keepRatio, threshold.error].map(percent(1));
        return `${name}: keeps ${kept} at the threshold, error ${error}, average precision ${averagePrecision.toFixed(3)}`;
      })
      .join('; '),
    x: { ...KEPT, to: 0.6 },
    y: ERROR,
    series: [
      { ...CHANCE, name: 'random', joined: true, points: chance.map(({ keep: x, randomError: y }) => ({ x, y })) },
      ...rows.map(({ name, keeps }, index): Series => {
        const points = keeps.map(({ keep: x, error: y }) => ({ x, y, label: percent(1)(y) }));
        return { ...(styles[index] ?? styles[0]), name, joined: true, points };
      }),
    ],
    levels: [fullLevel(result)],
  });
}
