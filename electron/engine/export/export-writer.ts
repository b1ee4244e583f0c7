import type { ExportSettings } from '#contract/export-choice.ts';
import type { ExportSource } from './export-source.ts';

/** What a writer is told besides the analysis. */
export interface ExportCall {
  readonly settings: ExportSettings;
  /** Where the file will lie in the end; it is not written to before it is whole. */
  readonly target: string;
  readonly signal: AbortSignal;
  /** To be told how far the work is, 0 … 1. */
  readonly onProgress: (share: number) => void;
}

/**
 * What makes files of one kind.
 *
 * - `content`: gives the file's content piece by piece.
 * - `draft`: writes the file itself, at the path it is given; for programs that seek in what they write.
 * - `clips`: gives one whole file for each of the clips it is asked for.
 */
export type ExportWriter =
  | { readonly by: 'content'; write(source: ExportSource, call: ExportCall): AsyncIterable<string | Uint8Array> }
  | { readonly by: 'draft'; write(source: ExportSource, draft: string, call: ExportCall): Promise<void> }
  | {
      readonly by: 'clips';
      write(source: ExportSource, clips: readonly number[], call: Omit<ExportCall, 'target'>): AsyncIterable<ClipFile>;
    };

export interface ClipFile {
  readonly clip: number;
  readonly content: Uint8Array;
}
