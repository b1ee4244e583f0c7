import type { ExportFormat, PlannedExport } from '#contract/exports.ts';
import type { IntervalRule } from '#contract/intervals.ts';

/** Headings of the list, in its order. */
export const GROUPS: readonly { readonly group: ExportFormat['group']; readonly title: string }[] = [
  { group: 'video', title: 'To watch' },
  { group: 'reading', title: 'To read' },
  { group: 'data', title: 'To work with' },
];

/** How clips become actions, in a line: `Three clips, median of 5, at least 25 %`. */
export function ruleWords({ basis, smoothing, minimumProbability }: IntervalRule): string {
  const parts = [
    basis === 'oneClip' ? 'One clip' : 'Three clips',
    ...(smoothing.kind === 'none' ? [] : [`${smoothing.kind} of ${smoothing.clips}`]),
    ...(minimumProbability > 0 ? [`at least ${Math.round(100 * minimumProbability)} %`] : []),
  ];
  return parts.join(', ');
}

/** What an export would write, and what is there: `a.csv`, `a.00000.png and 11 more`. */
export function planWords({ name, files, existing }: PlannedExport): string {
  const what = files > 1 ? `${name} and ${files - 1} more` : name;
  if (existing === 0) return what;
  return files > 1 ? `${what}; ${existing === files ? 'all' : existing} of them are there` : `${what} is there`;
}

/** The kinds of a choice in a few words: `MP4, CSV and 2 more`. */
export function formatWords(formats: readonly Pick<ExportFormat, 'title'>[]): string {
  const [first, second, ...others] = formats.map(({ title }) => title);
  if (first === undefined) return 'Nothing';
  if (second === undefined) return first;
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}
