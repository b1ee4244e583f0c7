import { type Head, headOf, legend, MARGIN, type Style, sourceOf } from '../../results/pictures/head.ts';
import { mark } from '../../results/pictures/mark.ts';
import { scaleOver } from '../../results/pictures/scale.ts';
import { element, FAINT, INK, QUIET, svgFile, text, widthOf } from '../../results/pictures/svg.ts';

export interface DotRow {
  readonly name: string;
  /** One for each style. */
  readonly values: readonly number[];
  /** Set apart from the others. */
  readonly strong?: boolean;
}

export interface DotRows extends Head {
  readonly description: string;
  readonly styles: readonly Style[];
  readonly rows: readonly DotRow[];
  readonly format: (value: number) => string;
  readonly from: number;
  readonly to: number;
  readonly level: { readonly name: string; readonly value: number };
}

const WIDTH = 720;
const TOP = 104;
const ROW = 22;

/** Several figures of many things: a row each, its figures on a line. */
export function dotRows(chart: DotRows): string {
  const { styles, rows, format, from, to, level, title, description } = chart;
  const left = MARGIN + Math.max(...rows.map(({ name }) => widthOf(name))) + 16;
  const x = scaleOver([from, to], [left, WIDTH - MARGIN - 12], { from, to });
  const bottom = TOP + rows.length * ROW;
  const height = bottom + 66;
  const grid = x.ticks.flatMap((tick) => [
    element('line', { x1: x.at(tick), x2: x.at(tick), y1: TOP - 4, y2: bottom, stroke: FAINT }),
    text(x.at(tick), bottom + 16, format(tick), { 'text-anchor': 'middle', fill: QUIET }),
  ]);
  const at = x.at(level.value);
  const children = [
    ...headOf(chart),
    ...legend(styles, 82),
    ...grid,
    element('line', { x1: at, x2: at, y1: TOP - 4, y2: bottom, stroke: INK, 'stroke-dasharray': '5 4' }),
    text(at, bottom + 32, level.name, { 'text-anchor': 'middle', 'font-size': 11 }),
    ...rows.flatMap(({ name, values, strong = false }, row) => {
      const y = TOP + row * ROW + ROW / 2;
      const weight = strong ? { 'font-weight': 600 } : {};
      const ends = [Math.min(...values), Math.max(...values)].map((value) => x.at(value));
      return [
        text(left - 12, y + 4, name, { 'text-anchor': 'end', ...weight }),
        element('line', { x1: ends[0] ?? 0, x2: ends[1] ?? 0, y1: y, y2: y, stroke: QUIET, opacity: 0.4 }),
        ...styles.map(({ shape, colour }, i) => mark(shape, x.at(values[i] ?? 0), y, colour, strong ? 5.5 : 4.5)),
      ];
    }),
    sourceOf(chart, height),
  ];
  return svgFile({ width: WIDTH, height, title, description, children });
}
