import type { ImportReport } from '../../state/import-report.svelte.ts';

/** How much of what an import is doing now is done, 0 … 1; null where nobody can tell. */
export function shareOf({ files, download, progress, isTrying }: ImportReport): number | null {
  if (isTrying) return null;
  if (progress !== null) return progress.bytesDone / Math.max(1, progress.bytesTotal);
  if (download === null || files !== null || download.bytesTotal === null) return null;
  return download.bytesDone / Math.max(1, download.bytesTotal);
}
