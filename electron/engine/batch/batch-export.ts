import type { ExportFormat } from '#contract/exports.ts';

/** One `--export`: files of one kind, the same for every video. */
export interface BatchExport {
  readonly format: ExportFormat;
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
  /** Null when all went well. */
  readonly failure: unknown;
}
