import type { WantedExport } from '#contract/export-choice.ts';
import { writerOf } from '../../export/formats.ts';
import { plannedFiles } from '../../export/plan-export.ts';
import type { TargetClaims } from '../../export/targets/target-claims.ts';
import { checkNotSource, checkPattern, targetPath, targetValues } from '../../export/targets/target-path.ts';
import type { ExportableJob } from './exportable-job.ts';

export interface ExportTarget {
  readonly path: string;
  /** The clip that it is about, where there is a file for each. */
  readonly clip: number | null;
}

/** Where the files of one export go, claimed for it. @throws TargetInvalidError */
export async function exportTargets(
  { job, source }: ExportableJob,
  { kind, pattern }: WantedExport,
  folder: string,
  claims: TargetClaims,
): Promise<readonly ExportTarget[]> {
  checkPattern(pattern, isPerClip(kind) ? 'each-clip' : 'one');
  const { video, analysis } = source;
  const clips = analysis.clips.map(({ index }) => index);
  const targets = plannedFiles(kind, folder, pattern, targetValues(video.path, analysis.model.name), clips);
  for (const { path } of targets) {
    claims.claim(path, `${job} ${kind} ${pattern}`, video.path);
    await checkNotSource(path, video.path);
  }
  return targets;
}

/** The archive that takes the place of several files where a browser fetches them. */
export function archivePath({ source }: ExportableJob, { kind }: WantedExport, folder: string): string {
  const { video, analysis } = source;
  return targetPath(folder, `{name}.${kind}.zip`, targetValues(video.path, analysis.model.name));
}

function isPerClip(kind: WantedExport['kind']): boolean {
  return writerOf(kind).by === 'clips';
}
