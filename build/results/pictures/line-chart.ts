import { type Head, headOf, legend, MARGIN, type Style, sourceOf } from './head.ts';
import { mark } from './mark.ts';
import { type Scale, scaleOver } from './scale.ts';
import { element, FAINT, INK, QUIET, svgFile, text, widthOf } from './svg.ts';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** Written beside it, if there is room. */
  readonly label?: string;
  /** From where to where it varies. */
  readonly spread?: readonly [low: number, high: number];
}

export interface Series extends Style {
  readonly points: readonly ChartPoint[];
  /** Whether a line goes through the points, in their order. */
  readonly joined: boolean;
}

export interface Axis {
  readonly title: string;
  readonly format: (value: number) => string;
  readonly from?: number;
  readonly to?: number;
}

export interface LineChart extends Head {
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Horizontal lines with a name. */
  readonly levels: readonly { readonly name: string; readonly y: number }[];
}

/** Keeps text readable on lines. */
const HALO = { stroke: '#ffffff', 'stroke-width': 3, 'paint-order': 'stroke' };

const [WIDTH, HEIGHT] = [720, 440];
const PLOT = { left: 76, right: WIDTH - MARGIN - 8, top: 104, bottom: HEIGHT - 84 };

/** Points over two numbers, and lines through them. */
export function lineChart(chart: LineChart): string {
  const { series, levels, title, description } = chart;
  const points = series.flatMap((one) => one.points);
  const heights = [...points.flatMap(({ y, spread = [y, y] }) => [y, ...spread]), ...levels.map(({ y }) => y)];
  const x = scaleOver(
    points.map((point) => point.x),
    [PLOT.left, PLOT.right],
    boundsOf(chart.x),
  );
  const y = scaleOver(heights, [PLOT.bottom, PLOT.top], boundsOf(chart.y));
  const children = [
    ...headOf(chart),
    ...legend(series, 82),
    ...axes(chart, x, y),
    ...levels.map((level) => levelLine(level, y)),
    ...series.flatMap((one) => drawn(one, x, y)),
    ...labels(series, x, y),
    sourceOf(chart, HEIGHT),
  ];
  return svgFile({ width: WIDTH, height: HEIGHT, title, description, children });
}

function boundsOf({ from, to }: Axis): { readonly from?: number; readonly to?: number } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function axes({ x: across, y: up }: LineChart, x: Scale, y: Scale): string[] {
  const grid = y.ticks.flatMap((tick) => [
    element('line', { x1: PLOT.left, x2: PLOT.right, y1: y.at(tick), y2: y.at(tick), stroke: FAINT }),
    text(PLOT.left - 8, y.at(tick) + 4, up.format(tick), { 'text-anchor': 'end', fill: QUIET }),
  ]);
  const ticks = x.ticks.flatMap((tick) => [
    element('line', { x1: x.at(tick), x2: x.at(tick), y1: PLOT.bottom, y2: PLOT.bottom + 5, stroke: QUIET }),
    text(x.at(tick), PLOT.bottom + 19, across.format(tick), { 'text-anchor': 'middle', fill: QUIET }),
  ]);
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return [
    ...grid,
    element('line', { x1: PLOT.left, x2: PLOT.right, y1: PLOT.bottom, y2: PLOT.bottom, stroke: QUIET }),
    ...ticks,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 40, across.title, { 'text-anchor': 'middle' }),
    text(22, middle, up.title, { 'text-anchor': 'middle', transform: `rotate(-90 22 ${middle})` }),
  ];
}

/** Its name is on the left and below, where few patches are kept and errors are large. */
function levelLine({ name, y: value }: { readonly name: string; readonly y: number }, y: Scale): string {
  const at = y.at(value);
  const line = { x1: PLOT.left, x2: PLOT.right, y1: at, y2: at, stroke: INK, 'stroke-dasharray': '5 4' };
  const below = at + 15 < PLOT.bottom ? at + 15 : at - 6;
  return element('g', {}, element('line', line), text(PLOT.left + 8, below, name, HALO));
}

function drawn({ points, joined, colour, shape }: Series, x: Scale, y: Scale): string[] {
  const path = points.map((point) => `${x.at(point.x).toFixed(2)} ${y.at(point.y).toFixed(2)}`).join('L');
  const line = element('path', { d: `M${path}`, fill: 'none', stroke: colour, 'stroke-width': 2 });
  const spreads = points.flatMap(({ x: at, spread }) =>
    spread === undefined ? [] : [span(x.at(at), spread, y, colour)],
  );
  return [
    ...(joined && points.length > 1 ? [line] : []),
    ...spreads,
    ...points.map((point) => mark(shape, x.at(point.x), y.at(point.y), colour)),
  ];
}

/** An upright line with a cap at both ends. */
function span(x: number, spread: readonly [number, number], y: Scale, colour: string): string {
  const caps = spread.map((end) => `M${x - 5} ${y.at(end).toFixed(2)}h10`).join('');
  const d = `M${x} ${y.at(spread[0]).toFixed(2)}V${y.at(spread[1]).toFixed(2)}${caps}`;
  return element('path', { d, fill: 'none', stroke: colour, 'stroke-width': 1.5 });
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Labels above their points, or below where there is no room; left out where there is none either. */
function labels(series: readonly Series[], x: Scale, y: Scale): string[] {
  const marks = series.flatMap(({ points }) => points.map((point) => boxAt(x.at(point.x), y.at(point.y), 6, 6)));
  const taken: Box[] = [];
  return series.flatMap(({ points, colour }) =>
    points.flatMap(({ x: across, y: up, label, spread = [up, up] }) => {
      if (label === undefined) return [];
      const [low, high] = spread;
      for (const cy of [y.at(high) - 13, y.at(low) + 15]) {
        const cx = x.at(across);
        const box = boxAt(cx, cy, widthOf(label, 11) / 2 + 1, 6);
        const isFree = [...taken, ...marks].every((other) => !overlap(box, other));
        if (!isFree || box.top < PLOT.top - 12 || box.bottom > PLOT.bottom) continue;
        taken.push(box);
        return [text(cx, cy + 4, label, { 'text-anchor': 'middle', 'font-size': 11, fill: colour, ...HALO })];
      }
      return [];
    }),
  );
}

function boxAt(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
