import type { ExportRun } from '../state/export-run.svelte.ts';

/** What becomes, or became, of the exports of a video, in a sentence. */
export function exportHeadline({ name, items, phase }: Pick<ExportRun, 'name' | 'items' | 'phase'>): string {
  if (phase === 'running') return `Exporting ${name}`;
  const done = items.filter(({ how }) => how.state === 'done');
  const failed = items.filter(({ how }) => how.state === 'failed');
  if (phase === 'stopped') {
    return `The export of ${name} was stopped${done.length > 0 ? `; ${done.length} of ${items.length} are done` : ''}.`;
  }
  if (failed.length === 0) return `${name} is exported.`;
  return done.length === 0
    ? `${name} could not be exported.`
    : `${name} is exported, but for ${failed.length} of ${items.length}.`;
}
