import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { z } from 'zod';
import { toErrorData } from '#contract/errors.ts';
import type { exportRequestSchema, PlannedExport } from '#contract/exports.ts';
import { TargetClaims } from '../../export/targets/target-claims.ts';
import type { Workspace } from '../workspace.ts';
import { attempt } from './attempt.ts';
import { exportFolders, placeOf } from './export-places.ts';
import { archivePath, exportTargets } from './export-targets.ts';
import { openExportableJob } from './exportable-job.ts';

/** Where exports would go, and what is there already. */
export async function planExports(
  workspace: Workspace,
  { jobs, exports, destination }: z.output<typeof exportRequestSchema>,
): Promise<PlannedExport[]> {
  const folderOf = await exportFolders(workspace, placeOf(destination, workspace.files), 'plan');
  const claims = new TargetClaims();
  const planned: PlannedExport[] = [];
  for (const job of jobs) {
    const opened = await attempt(() => openExportableJob(workspace, job));
    for (const wanted of exports) {
      const plan = await attempt(async () => {
        if ('thrown' in opened) throw opened.thrown;
        const folder = folderOf(opened.value);
        const targets = await exportTargets(opened.value, wanted, folder, claims);
        const isPacked = destination.to === 'download' && targets.length > 1;
        const first = isPacked ? archivePath(opened.value, wanted, folder) : targets[0]?.path;
        const existing = await Promise.all(targets.map(({ path }) => exists(path)));
        return {
          name: belowWithSlashes(folder, first ?? folder),
          files: isPacked ? 1 : targets.length,
          ...{ existing: existing.filter(Boolean).length, error: null },
        };
      });
      const { kind, pattern } = wanted;
      const refused = (thrown: unknown) => ({ name: pattern, files: 0, existing: 0, error: toErrorData(thrown) });
      planned.push({ job, kind, ...('thrown' in plan ? refused(plan.thrown) : plan.value) });
    }
    if ('value' in opened) await opened.value[Symbol.asyncDispose]();
  }
  return planned;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Where files lie is not the page's business. */
function belowWithSlashes(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
