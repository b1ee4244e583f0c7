import { type Head, headOf, MARGIN, sourceOf } from './head.ts';
import { element, FAINT, QUIET, svgFile, text, widthOf } from './svg.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly colour: string;
}

/** One figure of several things. */
export interface Panel {
  readonly title: string;
  /** Which way is better, or what it is measured in. */
  readonly hint: string;
  readonly format: (value: number) => string;
  readonly bars: readonly Bar[];
}

export interface BarPanels extends Head {
  readonly description: string;
  readonly columns: number;
  readonly panels: readonly Panel[];
}

const WIDTH = 720;
const TOP = 76;
const GAP = 28;
const ROW = 22;
const PANEL_HEAD = 40;

/** Panels of horizontal bars, each with a scale of its own from 0 on. */
export function barPanels(chart: BarPanels): string {
  const { columns, panels, title, description } = chart;
  const width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const names = panels.flatMap(({ bars }) => bars.map(({ name }) => widthOf(name)));
  const most = Math.max(...panels.map(({ bars }) => bars.length));
  const height = PANEL_HEAD + most * ROW + 18;
  const rows = Math.ceil(panels.length / columns);
  const whole = TOP + rows * height + 36;
  const drawn = panels.map((panel, i) => {
    const x = MARGIN + (i % columns) * (width + GAP);
    const y = TOP + Math.floor(i / columns) * height;
    return element('g', { transform: `translate(${x} ${y})` }, ...panelOf(panel, width, Math.max(...names) + 10));
  });
  const children = [...headOf(chart), ...drawn, sourceOf(chart, whole)];
  return svgFile({ width: WIDTH, height: whole, title, description, children });
}

function panelOf({ title, hint, format, bars }: Panel, width: number, left: number): string[] {
  const right = width - Math.max(...bars.map(({ value }) => widthOf(format(value)))) - 8;
  const longest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  return [
    text(0, 14, title, { 'font-weight': 600 }),
    text(0, 29, hint, { 'font-size': 11, fill: QUIET }),
    element('line', { x1: left, x2: left, y1: PANEL_HEAD - 2, y2: PANEL_HEAD + bars.length * ROW - 2, stroke: FAINT }),
    ...bars.flatMap(({ name, value, colour }, i) => {
      const y = PANEL_HEAD + i * ROW;
      const length = Math.max(1, ((right - left) * value) / longest);
      return [
        text(left - 8, y + 13, name, { 'text-anchor': 'end' }),
        element('rect', { x: left, y: y + 2, width: length, height: ROW - 8, rx: 2, fill: colour }),
        text(left + length + 6, y + 13, format(value)),
      ];
    }),
  ];
}

/** All figures as a sentence, for those who do not see the picture. */
export function describePanels(panels: readonly Panel[]): string {
  return panels
    .map(
      ({ title, format, bars }) => `${title}: ${bars.map(({ name, value }) => `${name} ${format(value)}`).join(', ')}`,
    )
    .join('; ');
}
