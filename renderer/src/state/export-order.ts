import type { EngineClient } from '#contract/engine-api.ts';
import type { ExportChoice, ExportDestination, ExportOrder } from '#contract/export-choice.ts';
import type { IntervalRule } from '#contract/intervals.ts';

/** Where a choice leads here: a browser chooses no folders, and has to fetch what is uploaded. */
export function destinationOf({ to }: Pick<ExportChoice, 'to'>, isDesktop: boolean): ExportDestination['to'] {
  if (isDesktop) return to ?? 'beside';
  return to === 'beside' ? 'beside' : 'download';
}

/**
 * What was chosen for videos that are added to the queue, as the engine is asked for it; null where nothing is.
 *
 * @throws Error where it is to go into a folder that is gone
 */
export async function orderOf(
  engine: EngineClient,
  choice: ExportChoice | null,
  intervals: IntervalRule,
  isDesktop: boolean,
): Promise<ExportOrder | null> {
  if (choice === null || choice.kinds.length === 0) return null;
  const to = destinationOf(choice, isDesktop);
  const [formats, folder] = await Promise.all([engine.exports.formats(), engine.exports.folder()]);
  if (to === 'folder' && folder === null) {
    throw new Error('The folder for exports is gone. Choose another one under “Then export”.');
  }
  const exports = formats
    .filter(({ kind }) => choice.kinds.includes(kind))
    .map(({ kind, pattern }) => ({ kind, pattern }));
  const destination: ExportDestination =
    to === 'folder' && folder !== null ? { to, folder: folder.file } : { to: to as 'beside' };
  return { exports, destination, settings: { intervals, video: choice.video }, overwrite: false };
}
