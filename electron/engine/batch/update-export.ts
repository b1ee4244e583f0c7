import type { ExportSettings } from '#contract/export-choice.ts';
import type { ExportSource } from '../export/export-source.ts';
import { plannedFiles } from '../export/plan-export.ts';
import { runExport, type TargetFile } from '../export/run-export.ts';
import { targetExists } from '../export/targets/draft.ts';
import { targetValues } from '../export/targets/target-path.ts';
import { PROGRAM_VERSION } from '../program-version.ts';
import type { ResultKey } from '../store/result-store.ts';
import type { BatchExport, ExportOutcome } from './batch-export.ts';
import { type FileStamp, type Receipts, receiptKey } from './receipts.ts';

/** What files are made from. */
export interface ExportedResult {
  readonly key: ResultKey;
  /** Absolute path of the video. */
  readonly video: string;
}

/** How files are made, and which may be replaced. */
export interface UpdateRules {
  readonly receipts: Receipts;
  readonly settings: ExportSettings;
  /** Also files that were not exported, or were changed since. */
  readonly overwrite: boolean;
}

/**
 * Writes what is missing of one export, or would be another file now. What goes wrong is part of the outcome.
 *
 * @throws the signal's reason
 */
export async function updateExport(
  one: BatchExport,
  source: ExportSource,
  key: ResultKey,
  rules: UpdateRules,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
): Promise<ExportOutcome> {
  const { kind } = one.format;
  const video = source.video.path;
  const written: string[] = [];
  let current = 0;
  let first: string | null = null;
  try {
    const clips = source.analysis.clips.map(({ index }) => index);
    const values = targetValues(video, source.analysis.model.name);
    const files: TargetFile[] = [];
    for (const { path, clip } of plannedFiles(kind, one.folder, one.pattern, values, clips)) {
      first ??= path;
      const replace = await mayReplace(path, one, { key, video }, rules);
      if (replace === 'current') current += 1;
      else files.push({ path, clip, replace });
    }
    const stamp = exportStamp(one, key, rules.settings);
    const onWhole = ({ path }: TargetFile, whole: FileStamp) => rules.receipts.note(path, video, stamp, whole);
    const onFile = ({ path }: TargetFile) => written.push(path);
    const task = { kind, folder: one.folder, files };
    if (files.length > 0) {
      await runExport(source, task, { settings: rules.settings, signal, onProgress, onWhole, onFile });
    }
    return { export: one, written, current, first, failure: null };
  } catch (failure) {
    signal.throwIfAborted();
    return { export: one, written, current, first: written[0] ?? null, failure };
  }
}

/**
 * Whether a file may be put in the place of what is at `target`, or is there already as it would be.
 *
 * @throws TargetExistsError where there is somebody else's file that must stay
 */
export async function mayReplace(
  target: string,
  one: BatchExport,
  { key, video }: ExportedResult,
  { receipts, settings, overwrite }: UpdateRules,
): Promise<boolean | 'current'> {
  const state = await receipts.stateOf(target, video, exportStamp(one, key, settings));
  if (state === 'current') return 'current';
  if (state === 'foreign' && !overwrite) throw targetExists(target);
  return state !== 'missing';
}

/** Names everything that a file depends on besides its name. How videos are drawn matters to videos alone. */
export function exportStamp({ format }: Pick<BatchExport, 'format'>, key: ResultKey, settings: ExportSettings): string {
  const { intervals, video } = settings;
  const how = { intervals, ...(format.group === 'video' && video !== undefined ? { video } : {}) };
  return receiptKey({ version: PROGRAM_VERSION, kind: format.kind, ...key, settings: how });
}
