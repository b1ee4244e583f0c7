/** SVG as text: just what charts need. */

type Attributes = Readonly<Record<string, string | number>>;

/** An element with its attributes and what is in it, as text. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(shown(value))}"`);
  const start = `<${name}${all.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** A line of text. */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(content));
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** For people who cannot see it. */
  readonly title: string;
  readonly description: string;
  readonly children: readonly string[];
}

/** A whole file. It has a ground of its own, so that it can be read on a dark page, too. */
export function svgFile({ width, height, title, description, children }: Picture): string {
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    'font-size': 12,
    fill: INK,
  };
  const ground = element('rect', { width, height, rx: 6, fill: '#ffffff' });
  const lines = [element('title', {}, escaped(title)), element('desc', {}, escaped(description)), ground, ...children];
  return `${element('svg', root, `\n${lines.join('\n')}\n`)}\n`;
}

export const INK = '#1f2933';
export const QUIET = '#616e7c';
export const FAINT = '#e4e7eb';

/** Colours that people with any kind of colour vision can tell apart (Okabe and Ito 2008). */
export const COLOURS = {
  blue: '#0072b2',
  vermillion: '#d55e00',
  green: '#009e73',
  purple: '#cc79a7',
  sky: '#56b4e9',
  orange: '#e69f00',
  grey: '#7b8794',
} as const;

/** About how wide text of `size` pixels is. */
export function widthOf(content: string, size = 12): number {
  return content.length * size * 0.57;
}

function shown(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(100 * value) / 100) : value;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
