import { type MarkShape, mark } from './mark.ts';
import { element, QUIET, text, widthOf } from './svg.ts';

/** What stands above and below every chart. */
export interface Head {
  readonly title: string;
  readonly subtitle: string;
  /** Where the figures come from, below the chart. */
  readonly source: string;
}

/** How a series is drawn. */
export interface Style {
  readonly name: string;
  readonly colour: string;
  readonly shape: MarkShape;
}

export const MARGIN = 24;

/** Title and subtitle. */
export function headOf({ title, subtitle }: Head): string[] {
  return [
    text(MARGIN, 34, title, { 'font-size': 17, 'font-weight': 600 }),
    text(MARGIN, 54, subtitle, { 'font-size': 12.5, fill: QUIET }),
  ];
}

/** At the foot of a picture that is `height` high. */
export function sourceOf({ source }: Head, height: number): string {
  return text(MARGIN, height - 14, source, { 'font-size': 10.5, fill: QUIET });
}

/** Marks and names in a row, from `MARGIN` on. */
export function legend(styles: readonly Style[], y: number): string[] {
  let x = MARGIN + 5;
  return styles.map(({ name, colour, shape }) => {
    const entry = element('g', {}, mark(shape, x, y - 4, colour), text(x + 11, y, name));
    x += 11 + widthOf(name) + 26;
    return entry;
  });
}
