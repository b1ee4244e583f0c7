import { stripVTControlCharacters } from 'node:util';

/** A column: its heading, and whether its cells stand at the right, as numbers do. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines of a table with columns as wide as their widest cell, two blanks apart, indented by two. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, i) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i] ?? ''))));
  const line = (cells: readonly string[]) =>
    `  ${columns.map(({ align }, i) => pad(cells[i] ?? '', widths[i] ?? 0, align ?? 'left')).join('  ')}`.trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

function pad(cell: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return align === 'left' ? cell + blanks : blanks + cell;
}

/** Columns on a terminal, colours aside. Wide East Asian characters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(stripVTControlCharacters(text))) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

const GRAPHEMES = new Intl.Segmenter();
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u;
