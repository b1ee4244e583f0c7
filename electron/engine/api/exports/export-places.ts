import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExportUnavailableError, TargetInvalidError } from '#contract/errors.ts';
import type { ExportDestination } from '#contract/export-choice.ts';
import type { FileRegistry } from '../../files/file-registry.ts';
import type { ExportPlace } from '../../jobs/job-exports.ts';
import type { Workspace } from '../workspace.ts';
import type { ExportableJob } from './exportable-job.ts';

/** A destination that a page has named, with the path of its folder. @throws UnknownFileError */
export function placeOf(destination: ExportDestination, files: FileRegistry): ExportPlace {
  return destination.to === 'folder' ? { to: 'folder', path: files.path(destination.folder) } : destination;
}

/**
 * Which folder the exports of each job go into. A folder that the user chose is remembered when something is written there.
 *
 * @param purpose Where nothing is written, no folder is made for it.
 * @returns throws ExportUnavailableError for a video that has no place beside it: a copy that a browser sent, the sample
 * @throws TargetInvalidError where the folder that was chosen is none
 */
export async function exportFolders(
  { downloads, exportFolder, sample }: Workspace,
  place: ExportPlace,
  purpose: 'plan' | 'run',
): Promise<(job: ExportableJob) => string> {
  if (place.to === 'download') {
    // No video is called that: nothing is there that a plan could find.
    const folder = purpose === 'run' ? await downloads.place() : join(tmpdir(), 'patchlight-planned-download');
    return () => folder;
  }
  if (place.to === 'folder') {
    const { path } = place;
    if (!(await stat(path).catch(() => null))?.isDirectory()) {
      throw new TargetInvalidError(`${path} is no folder.`, { hint: 'Choose the folder again.' });
    }
    if (purpose === 'run') exportFolder.remember(path);
    return () => path;
  }
  return ({ source, isTemporary }) => {
    if (source.video.path === sample) {
      throw new ExportUnavailableError('The sample is a part of Patchlight: there is no place beside it.', {
        hint: 'Choose a folder, or copy the sample first.',
      });
    }
    if (!isTemporary) return dirname(source.video.path);
    throw new ExportUnavailableError('There is no place beside a video that was dropped into a browser.', {
      hint: 'Download the exports instead.',
    });
  };
}
