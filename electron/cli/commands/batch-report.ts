import { basename } from 'node:path';
import { toErrorData } from '#contract/errors.ts';
import type { ExportOutcome } from '#engine/batch/batch-export.ts';
import type { BatchOutcome } from '#engine/batch/write-report.ts';
import { formatCount, formatShare } from '../terminal/format.ts';
import { tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

const NUMBER = { align: 'right' } as const;
const COLUMNS = [
  { title: 'video' },
  { title: 'clips', ...NUMBER },
  { title: 'all clips' },
  { title: '', ...NUMBER },
  { title: 'kept', ...NUMBER },
  { title: 'analysis' },
  { title: 'exports' },
];

/** Prints what became of each video of a batch, and of all together. */
export function printBatch(terminal: Terminal, outcomes: readonly BatchOutcome[], report: string | undefined): void {
  const [head = '', ...rows] = tableLines(
    COLUMNS,
    outcomes.map((outcome) => row(outcome, terminal)),
  );
  terminal.print(terminal.style('dim', head));
  for (const line of rows) terminal.print(line);
  terminal.print();
  terminal.print(totals(outcomes));
  if (report !== undefined) terminal.print(`report: ${report}`);
}

function row(outcome: BatchOutcome, terminal: Terminal): readonly string[] {
  const name = basename(outcome.path);
  if (outcome.state === 'failed') {
    return [name, '', '', '', '', terminal.style('red', `failed: ${toErrorData(outcome.thrown).code}`)];
  }
  const { analysis, computed, exports } = outcome;
  const { summary } = analysis;
  const top = (summary.threeClip ?? summary.oneClip).top[0];
  const failed = exports.filter(({ failure }) => failure !== null);
  const exported = exportText(exports);
  return [
    ...[name, String(analysis.clips.length), top?.label ?? '', top === undefined ? '' : formatShare(top.probability)],
    ...[formatShare(summary.keepRatio), computed ? 'done' : 'as before'],
    failed.length > 0 ? terminal.style('red', exported) : exported,
  ];
}

function exportText(exports: readonly ExportOutcome[]): string {
  const { written, current, failed } = sums(exports);
  const parts = [
    ...(written > 0 ? [`${written} written`] : []),
    ...(current > 0 ? [`${current} up to date`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return parts.join(', ');
}

function totals(outcomes: readonly BatchOutcome[]): string {
  const analysed = outcomes.filter((outcome) => outcome.state === 'analysed');
  const computed = analysed.filter((outcome) => outcome.computed).length;
  const { written, current, failed } = sums(analysed.flatMap(({ exports }) => exports));
  const videos = [
    formatCount(outcomes.length, 'video'),
    `${computed} analysed, ${analysed.length - computed} as before, ${outcomes.length - analysed.length} failed`,
  ];
  return `${videos.join(': ')}; files: ${written} written, ${current} up to date; exports: ${failed} failed`;
}

function sums(exports: readonly ExportOutcome[]) {
  return {
    written: exports.reduce((sum, one) => sum + one.written.length, 0),
    current: exports.reduce((sum, one) => sum + one.current, 0),
    failed: exports.filter(({ failure }) => failure !== null).length,
  };
}
