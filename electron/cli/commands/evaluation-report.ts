import { basename } from 'node:path';
import type { Evaluation } from '#contract/evaluation.ts';
import { formatCount, formatGmacs, formatShare } from '../terminal/format.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints an evaluation for people: a line for each setting. */
export function printEvaluation(terminal: Terminal, rows: readonly Evaluation[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const { dataset, videos, skipped, failures, views, model, device } = first;
  const dim = (text: string) => terminal.style('dim', text);
  const facts = [
    formatCount(videos - failures.length, 'video'),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    views === 1 ? 'one view each' : 'three views each',
  ];
  terminal.print(`${terminal.style('bold', basename(dataset))}  ${dim(facts.join(' · '))}`);
  terminal.print(`${model.name}  ${dim(`${device.used} ${device.precision}`)}`);
  if (!model.trained) {
    terminal.print(
      terminal.style('yellow', 'This model is untrained: its weights are random, its errors are those of chance.'),
    );
  }
  terminal.print();
  const columns = COLUMNS.filter(({ of }) => rows.some((row) => of(row) !== ''));
  const [head = '', ...body] = tableLines(
    columns,
    rows.map((row) => columns.map(({ of }) => of(row))),
  );
  terminal.print(dim(head));
  for (const line of body) terminal.print(line);
  terminal.print();
  terminal.print(`GMACs a view; ${formatGmacs(first.gmacsFullPerView)} with every patch`);
}

/** Columns that are empty in every row are left out. */
const COLUMNS: readonly (Column & { readonly of: (row: Evaluation) => string })[] = [
  { title: 'selector', of: ({ selector }) => selector },
  { title: 'threshold', align: 'right', of: ({ threshold }) => (threshold === null ? '' : String(threshold)) },
  { title: 'keep', align: 'right', of: ({ keep }) => (keep === null ? '' : String(keep)) },
  { title: 'seed', align: 'right', of: ({ seed }) => (seed === null ? '' : String(seed)) },
  { title: 'clip-1 error', align: 'right', of: ({ clip1Error }) => formatShare(clip1Error) },
  {
    title: 'video-1 error',
    align: 'right',
    of: ({ video1Error }) => (video1Error === undefined ? '' : formatShare(video1Error)),
  },
  { title: 'kept', align: 'right', of: ({ keepRatio }) => formatShare(keepRatio) },
  { title: 'GMACs', align: 'right', of: ({ gmacsPerView }) => formatGmacs(gmacsPerView) },
  { title: 'views/s', align: 'right', of: ({ viewsPerSecond }) => String(Number(viewsPerSecond.toPrecision(3))) },
];

/**
 * Many ways of choosing patches hardly beat chance (arXiv 2411.13626), so figures of an interpreter are to be read beside
 * it. Null where they are.
 */
export function comparisonAdvice(rows: readonly Evaluation[]): string | null {
  const interpreted = rows.find(
    ({ selector, keepRatio }) => selector === 'interpreter' && keepRatio > 0 && keepRatio < 1,
  );
  if (interpreted === undefined || rows.some(({ selector }) => selector === 'random')) return null;
  const keep = Number(interpreted.keepRatio.toFixed(3));
  return `Read this beside chance at the same keep ratio: --selector random --keep ${keep} --sweep seed=1,2,3,4`;
}
