import { unquote } from './class-labels.ts';

/** One line of a Kinetics list, or why it is none. */
export type ListLine =
  | { readonly kind: 'entry'; readonly line: number; readonly path: string; readonly label: string }
  | { readonly kind: 'malformed'; readonly line: number; readonly text: string };

/**
 * Reads a Kinetics list: on each line a path and a label, apart by a comma, a tab or blanks; CSV quoting is understood.
 * Blank lines, lines that begin with `#`, and a heading such as `path,label` are passed over.
 *
 * Paths and class names may both hold blanks and commas, so a line is cut where what follows is a label: of several
 * such places the first, which gives the longest label. Where nothing is, it is cut where a person would expect it.
 *
 * @param isLabel Whether the model has a class of that name or number.
 */
export function parseList(text: string, isLabel: (label: string) => boolean): ListLine[] {
  const lines: ListLine[] = [];
  let first = true;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const parts = cut(content, isLabel);
    const heading = first && parts !== null && isHeading(parts) && !isLabel(parts.label);
    first = false;
    if (heading) continue;
    const line = index + 1;
    lines.push(parts === null ? { kind: 'malformed', line, text: content } : { kind: 'entry', line, ...parts });
  }
  return lines;
}

interface Parts {
  readonly path: string;
  readonly label: string;
}

function cut(content: string, isLabel: (label: string) => boolean): Parts | null {
  const candidates = [...separators(content)]
    .map(({ from, to }) => ({ path: unquote(content.slice(0, from)), label: unquote(content.slice(to)) }))
    .filter(({ path, label }) => path !== '' && label !== '');
  return candidates.find(({ label }) => isLabel(label)) ?? candidates.find(looksRight) ?? candidates.at(-1) ?? null;
}

/** Places where a line may be cut: never inside of quotes, unless the quotes do not pair up. */
function* separators(content: string): Generator<{ from: number; to: number }> {
  const paired = (content.split('"').length - 1) % 2 === 0;
  let quotes = 0;
  let counted = 0;
  for (const { index, 0: mark } of content.matchAll(/\s*[,\t]\s*|\s+/g)) {
    for (; counted < index; counted++) if (content[counted] === '"') quotes++;
    if (!paired || quotes % 2 === 0) yield { from: index, to: index + mark.length };
  }
}

/** The path ends as files do. */
function looksRight({ path }: Parts): boolean {
  return /\.[A-Za-z0-9]{2,4}$/.test(path);
}

function isHeading({ path, label }: Parts): boolean {
  return (
    /^(video|file|clip)?[ _]?(path|name|file|video|filename)s?$/i.test(path) &&
    /^(label|class|action|category)/i.test(label)
  );
}
