import { toErrorData } from '#contract/errors.ts';
import type { WantedExport } from '#contract/export-choice.ts';
import type { ExportEvent, ExportRun } from '#contract/exports.ts';
import { exportStamp } from '../../batch/update-export.ts';
import { groupOf } from '../../export/formats.ts';
import { type ExportRunOptions, runExport } from '../../export/run-export.ts';
import { TargetClaims } from '../../export/targets/target-claims.ts';
import { packFiles } from '../../files/pack-files.ts';
import { ShareMeter } from '../../jobs/share-meter.ts';
import { withProgress } from '../with-progress.ts';
import type { Workspace } from '../workspace.ts';
import { attempt } from './attempt.ts';
import { exportFolders, placeOf } from './export-places.ts';
import { archivePath, exportTargets } from './export-targets.ts';
import { type ExportableJob, openExportableJob } from './exportable-job.ts';

/** What one export has made: the only file, or the first of several. */
export interface MadeExport {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** Makes exports of jobs, one after another. A failure ends one of them; the others go on. */
export async function* runExports(
  workspace: Workspace,
  { jobs, exports, destination, ...how }: ExportRun,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent, void, undefined> {
  const folderOf = await exportFolders(workspace, placeOf(destination, workspace.files), 'run');
  const claims = new TargetClaims();
  const count = { done: 0, failed: 0 };
  for (const job of jobs) {
    const opened = await attempt(() => openExportableJob(workspace, job));
    try {
      for (const wanted of exports) {
        const one = { job, kind: wanted.kind };
        try {
          if ('thrown' in opened) throw opened.thrown;
          const { value } = opened;
          const folder = folderOf(value);
          let made: MadeExport | undefined;
          const work = async (onProgress: (share: number) => void, working: AbortSignal) => {
            const course = { onProgress, signal: working };
            made =
              destination.to === 'download'
                ? await makeDownload(value, wanted, folder, { ...how, ...course }, claims)
                : await makeFiles(workspace, value, wanted, folder, { ...how, ...course }, claims);
          };
          const meter = new ShareMeter();
          for await (const share of withProgress(work, signal)) {
            yield { type: 'progress', ...one, share, secondsLeft: meter.secondsLeft(share) };
          }
          if (made === undefined) throw new Error('An export ended without a file.');
          const { path, ...facts } = made;
          yield {
            type: 'done',
            ...one,
            file: await workspace.files.grant(path, destination.to === 'download'),
            ...facts,
          };
          count.done += 1;
        } catch (thrown) {
          signal.throwIfAborted();
          count.failed += 1;
          yield { type: 'failed', ...one, error: toErrorData(thrown) };
        }
      }
    } finally {
      if ('value' in opened) await opened.value[Symbol.asyncDispose]();
    }
  }
  yield { type: 'finished', ...count };
}

type MakeOptions = Pick<ExportRun, 'settings' | 'overwrite'> &
  Required<Pick<ExportRunOptions, 'signal' | 'onProgress'>>;

/** Writes files where the user wants them. They are known again by whoever exports the same later. */
async function makeFiles(
  { receipts }: Workspace,
  opened: ExportableJob,
  wanted: WantedExport,
  folder: string,
  { settings, overwrite, ...course }: MakeOptions,
  claims: TargetClaims,
): Promise<MadeExport> {
  const { kind } = wanted;
  const { source, key } = opened;
  const targets = await exportTargets(opened, wanted, folder, claims);
  const stamp = exportStamp({ format: { kind, group: groupOf(kind) } }, key, settings);
  let bytes = 0;
  const task = { kind, folder, files: targets.map((target) => ({ ...target, replace: overwrite })) };
  await runExport(source, task, {
    ...{ settings, ...course },
    onWhole: ({ path }, whole) => receipts.note(path, source.video.path, stamp, whole),
    onFile: (_, size) => {
      bytes += size;
    },
  });
  return { path: targets[0]?.path ?? folder, files: targets.length, bytes };
}

/** Writes one file for a browser to fetch: what would be many is put into an archive. */
export async function makeDownload(
  opened: ExportableJob,
  wanted: WantedExport,
  folder: string,
  { settings, signal, onProgress }: Omit<MakeOptions, 'overwrite'>,
  claims: TargetClaims,
): Promise<MadeExport> {
  const targets = await exportTargets(opened, wanted, folder, claims);
  const task = { kind: wanted.kind, folder, files: targets.map((target) => ({ ...target, replace: false })) };
  let bytes = 0;
  const onFile = (_: unknown, size: number) => {
    bytes += size;
  };
  await runExport(opened.source, task, { settings, signal, onProgress, onFile });
  const [first] = targets;
  if (first !== undefined && targets.length === 1) return { path: first.path, files: 1, bytes };
  const archive = archivePath(opened, wanted, folder);
  const packed = await packFiles(
    targets.map(({ path }) => path),
    archive,
    signal,
  );
  return { path: archive, files: 1, bytes: packed };
}
