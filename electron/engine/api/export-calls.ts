import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { EngineImplementation } from '#contract/engine-api.ts';
import { toErrorData } from '#contract/errors.ts';
import type { ExportEvent, ExportRun, PlannedExport, WantedExport } from '#contract/exports.ts';
import type { JobId } from '#contract/jobs.ts';
import { EXPORT_FORMATS, writerOf } from '../export/formats.ts';
import { plannedFiles } from '../export/plan-export.ts';
import { runExport } from '../export/run-export.ts';
import { TargetClaims } from '../export/targets/target-claims.ts';
import { checkNotSource, checkPattern, targetValues } from '../export/targets/target-path.ts';
import { exportFolders } from './export-folders.ts';
import { type ExportableJob, openExportableJob } from './exportable-job.ts';
import { withProgress } from './with-progress.ts';
import type { Workspace } from './workspace.ts';

interface Target {
  readonly path: string;
  readonly clip: number | null;
}

/** What windows may ask about exports. */
export function exportCalls(workspace: Workspace): EngineImplementation['exports'] {
  return {
    formats: () => EXPORT_FORMATS.map((format) => ({ ...format, suffixes: [...format.suffixes] })),

    async plan({ jobs, exports, destination }) {
      const folderOf = await exportFolders(workspace, destination, 'plan');
      const claims = new TargetClaims();
      const planned: PlannedExport[] = [];
      for (const job of jobs) {
        const opened = await attempt(() => openExportableJob(workspace, job));
        for (const wanted of exports) {
          const failed = (thrown: unknown) => ({
            name: wanted.pattern,
            files: 0,
            existing: 0,
            error: toErrorData(thrown),
          });
          const plan = await attempt(async () => {
            if ('thrown' in opened) throw opened.thrown;
            const folder = folderOf(opened.value);
            const targets = await targetsOf(opened.value, wanted, folder, claims);
            const existing = await Promise.all(targets.map(({ path }) => exists(path)));
            return {
              name: belowWithSlashes(folder, targets[0]?.path ?? folder),
              ...{ files: targets.length, existing: existing.filter(Boolean).length, error: null },
            };
          });
          planned.push({ job, kind: wanted.kind, ...('thrown' in plan ? failed(plan.thrown) : plan.value) });
        }
        if ('value' in opened) await opened.value[Symbol.asyncDispose]();
      }
      return planned;
    },

    run: (request, { signal }) => runExports(workspace, request, signal),
  };
}

async function* runExports(
  workspace: Workspace,
  { jobs, exports, destination, settings, overwrite }: ExportRun,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent, void, undefined> {
  const folderOf = await exportFolders(workspace, destination, 'run');
  const claims = new TargetClaims();
  const count = { done: 0, failed: 0 };
  const runOne = async function* (
    job: JobId,
    opened: ExportableJob,
    wanted: WantedExport,
  ): AsyncGenerator<ExportEvent, void, undefined> {
    const { kind } = wanted;
    const folder = folderOf(opened);
    const targets = await targetsOf(opened, wanted, folder, claims);
    const files = targets.map((target) => ({ ...target, replace: overwrite && destination.to !== 'download' }));
    let bytes = 0;
    const onFile = (_: unknown, size: number) => {
      bytes += size;
    };
    const work = (onProgress: (share: number) => void, working: AbortSignal) =>
      runExport(opened.source, { kind, folder, files }, { settings, signal: working, onProgress, onFile });
    for await (const share of withProgress(work, signal)) yield { type: 'progress', job, kind, share };
    const [first] = targets;
    if (first === undefined) return;
    const file = await workspace.files.grant(first.path, destination.to === 'download');
    yield { type: 'done', job, kind, file, files: targets.length, bytes };
  };

  for (const job of jobs) {
    const opened = await attempt(() => openExportableJob(workspace, job));
    try {
      for (const wanted of exports) {
        try {
          if ('thrown' in opened) throw opened.thrown;
          yield* runOne(job, opened.value, wanted);
          count.done += 1;
        } catch (thrown) {
          signal.throwIfAborted();
          count.failed += 1;
          yield { type: 'failed', job, kind: wanted.kind, error: toErrorData(thrown) };
        }
      }
    } finally {
      if ('value' in opened) await opened.value[Symbol.asyncDispose]();
    }
  }
  yield { type: 'finished', ...count };
}

/** @throws TargetInvalidError */
async function targetsOf(
  { job, source }: ExportableJob,
  { kind, pattern }: WantedExport,
  folder: string,
  claims: TargetClaims,
): Promise<Target[]> {
  checkPattern(pattern, writerOf(kind).by === 'clips' ? 'each-clip' : 'one');
  const { video, analysis } = source;
  const clips = analysis.clips.map(({ index }) => index);
  const targets = plannedFiles(kind, folder, pattern, targetValues(video.path, analysis.model.name), clips);
  for (const { path } of targets) {
    claims.claim(path, `${job} ${kind} ${pattern}`, video.path);
    await checkNotSource(path, video.path);
  }
  return targets;
}

type Attempt<T> = { readonly value: T } | { readonly thrown: unknown };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (thrown) {
    return { thrown };
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Where files lie is not the page's business. */
function belowWithSlashes(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
