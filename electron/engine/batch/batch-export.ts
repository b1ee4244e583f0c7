import type { ExportFormat } from '#contract/exports.ts';

/** Files of one kind, the same for every video: one `--export`, or one choice of the queue. */
export interface BatchExport {
  readonly format: Pick<ExportFormat, 'kind' | 'group'>;
  /** Nothing is written outside of it. */
  readonly folder: string;
  /** Below the folder. */
  readonly pattern: string;
}

/** What became of one export of one video. */
export interface ExportOutcome {
  readonly export: BatchExport;
  /** Paths that were written. */
  readonly written: readonly string[];
  /** Files that were as they should be. */
  readonly current: number;
  /** The only file, or the first of several; null when there is none. */
  readonly first: string | null;
  /** Null when all went well. */
  readonly failure: unknown;
}
