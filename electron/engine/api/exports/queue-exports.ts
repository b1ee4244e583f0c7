import { toErrorData } from '#contract/errors.ts';
import type { ExportKind, WantedExport } from '#contract/export-choice.ts';
import { updateExport } from '../../batch/update-export.ts';
import { groupOf } from '../../export/formats.ts';
import { plannedFiles } from '../../export/plan-export.ts';
import { TargetClaims } from '../../export/targets/target-claims.ts';
import { checkNotSource, targetValues } from '../../export/targets/target-path.ts';
import type { WriteExports } from '../../jobs/export-lane.ts';
import type { ExportsOutcome, ExportsRecord } from '../../jobs/job-exports.ts';
import type { LiveJob } from '../../jobs/job-list.ts';
import { ShareMeter } from '../../jobs/share-meter.ts';
import type { Workspace } from '../workspace.ts';
import { exportFolders } from './export-places.ts';
import { type ExportableJob, openExportableJob } from './exportable-job.ts';
import { makeDownload } from './run-exports.ts';

/** How the queue's exports are written: only what is missing, or would be another file now. */
export function queueExports(workspace: Workspace): WriteExports {
  return async ({ record }, exports, tell, signal) => {
    await using opened = await openExportableJob(workspace, record.job);
    const folder = (await exportFolders(workspace, exports.destination, 'run'))(opened);
    const claims = claimsBefore(workspace.jobs.all, record.job, exports);
    const failures: { kind: ExportKind; error: ReturnType<typeof toErrorData> }[] = [];
    const outcome = { written: 0, current: 0, files: [] as string[] };
    for (const [i, wanted] of exports.exports.entries()) {
      const meter = new ShareMeter();
      const onProgress = (share: number) =>
        tell({ share: (i + share) / exports.exports.length, secondsLeft: meter.secondsLeft(share) });
      onProgress(0);
      try {
        const made = await write(workspace, opened, wanted, { exports, folder, claims, signal, onProgress });
        outcome.written += made.written;
        outcome.current += made.current;
        outcome.files.push(...made.files);
      } catch (thrown) {
        signal.throwIfAborted();
        failures.push({ kind: wanted.kind, error: toErrorData(thrown) });
      }
    }
    return { ...outcome, failures };
  };
}

interface WriteOptions {
  readonly exports: ExportsRecord;
  readonly folder: string;
  readonly claims: TargetClaims;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

async function write(
  { receipts }: Workspace,
  opened: ExportableJob,
  wanted: WantedExport,
  { exports: { destination, settings, overwrite }, folder, claims, ...course }: WriteOptions,
): Promise<Omit<ExportsOutcome, 'failures'>> {
  if (destination.to === 'download') {
    const { path } = await makeDownload(opened, wanted, folder, { settings, ...course }, claims);
    return { written: 1, current: 0, files: [path] };
  }
  const { kind, pattern } = wanted;
  const { source, key } = opened;
  const target = firstTarget(wanted, folder, source.video.path, source.analysis.model.name);
  claims.claim(target, source.video.path, source.video.path);
  await checkNotSource(target, source.video.path);
  const one = { format: { kind, group: groupOf(kind) }, folder, pattern };
  const made = await updateExport(one, source, key, { receipts, settings, overwrite }, course);
  if (made.failure !== null) throw made.failure;
  return { written: made.written.length, current: made.current, files: made.first === null ? [] : [made.first] };
}

/**
 * What exports of jobs before this one go to: two videos of one name must not overwrite each other in a folder that both of
 * them are exported to.
 */
function claimsBefore(jobs: readonly LiveJob[], id: string, { destination }: ExportsRecord): TargetClaims {
  const claims = new TargetClaims();
  if (destination.to !== 'folder') return claims;
  for (const { record } of jobs) {
    if (record.job === id) break;
    const there = record.exports?.destination;
    if (there?.to !== 'folder' || there.path !== destination.path) continue;
    for (const wanted of record.exports?.exports ?? []) {
      claims.claim(firstTarget(wanted, there.path, record.path, record.request.model), record.path, record.path);
    }
  }
  return claims;
}

function firstTarget({ kind, pattern }: WantedExport, folder: string, video: string, model: string): string {
  const [first] = plannedFiles(kind, folder, pattern, targetValues(video, model), [0]);
  return first?.path ?? folder;
}
