import type { BesideChance, Figures } from '../figures.ts';
import type { Provenance } from '../provenance.ts';
import { CHANCE, ERROR, fullLevel, KEPT, LEARNED } from './kept-and-error.ts';
import { lineChart } from './line-chart.ts';
import { percent, sourceLine } from './words.ts';

interface ThresholdsResult {
  readonly provenance: Provenance;
  readonly full: Figures;
  readonly rows: readonly (BesideChance & { readonly threshold: number })[];
}

interface RandomResult {
  readonly provenance: Provenance;
  readonly full: Figures;
  readonly rows: readonly {
    readonly learned: Figures;
    readonly random: readonly { readonly error: number }[];
    readonly randomMean: number;
  }[];
}

export function thresholdsPicture(result: ThresholdsResult): string {
  const { rows, full } = result;
  const points = rows.map(({ threshold, keepRatio: x, error: y }) => ({ x, y, label: String(threshold) }));
  return lineChart({
    title: 'Error over the threshold of the interpreter',
    subtitle: `Numbers are thresholds; ${full.gmacs.toFixed(2)} GMACs a view with every patch`,
    source: sourceLine(result),
    description: rows
      .map(
        (row) =>
          `${row.threshold}: keeps ${percent(1)(row.keepRatio)}, error ${percent(1)(row.error)}, random ${percent(1)(row.randomError)}`,
      )
      .join('; '),
    x: KEPT,
    y: ERROR,
    series: [
      { ...CHANCE, joined: true, points: rows.map(({ keepRatio: x, randomError: y }) => ({ x, y })) },
      { ...LEARNED, joined: true, points },
    ],
    levels: [fullLevel(result)],
  });
}

export function randomPicture(result: RandomResult): string {
  const { rows } = result;
  return lineChart({
    title: 'Learned against random dropping',
    subtitle: 'The same number of patches each; bars reach over the seeds of random dropping',
    source: sourceLine(result),
    description: rows
      .map(
        (row) =>
          `keep ${percent(0)(row.learned.keepRatio)}: learned ${percent(1)(row.learned.error)}, random ${percent(1)(row.randomMean)}`,
      )
      .join('; '),
    x: KEPT,
    y: ERROR,
    series: [
      {
        ...CHANCE,
        name: `random, ${rows[0]?.random.length ?? 0} seeds`,
        joined: true,
        points: rows.map(({ learned, random, randomMean }) => {
          const errors = random.map(({ error }) => error);
          return {
            x: learned.keepRatio,
            y: randomMean,
            label: percent(1)(randomMean),
            spread: [Math.min(...errors), Math.max(...errors)],
          };
        }),
      },
      {
        ...LEARNED,
        joined: true,
        points: rows.map(({ learned }) => ({
          x: learned.keepRatio,
          y: learned.error,
          label: percent(1)(learned.error),
        })),
      },
    ],
    levels: [fullLevel(result)],
  });
}
