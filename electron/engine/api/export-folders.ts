import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExportUnavailableError, TargetInvalidError } from '#contract/errors.ts';
import type { ExportDestination } from '#contract/exports.ts';
import type { ExportableJob } from './exportable-job.ts';
import type { Workspace } from './workspace.ts';

/**
 * Which folder the exports of each job go into.
 *
 * @param purpose Where nothing is written, no folder is made for it.
 * @returns throws ExportUnavailableError for a video that was dropped into a browser: there is nothing beside it
 * @throws UnknownFileError, TargetInvalidError where the folder that was chosen is none
 */
export async function exportFolders(
  { files, downloads }: Workspace,
  destination: ExportDestination,
  purpose: 'plan' | 'run',
): Promise<(job: ExportableJob) => string> {
  if (destination.to === 'download') {
    // No video is called that: nothing is there that a plan could find.
    const place = purpose === 'run' ? await downloads.place() : join(tmpdir(), 'patchlight-planned-download');
    return () => place;
  }
  if (destination.to === 'folder') {
    const folder = files.path(destination.folder);
    if (!(await stat(folder).catch(() => null))?.isDirectory()) {
      throw new TargetInvalidError(`${folder} is no folder.`, { hint: 'Choose the folder again.' });
    }
    return () => folder;
  }
  return ({ source, isTemporary }) => {
    if (!isTemporary) return dirname(source.video.path);
    throw new ExportUnavailableError('There is no place beside a video that was dropped into a browser.', {
      hint: 'Download the exports instead.',
    });
  };
}
