import type { ExportKind } from '#contract/export-choice.ts';
import { writerOf } from './formats.ts';
import { clipNumber, type TargetValues, targetPath } from './targets/target-path.ts';

/** Where an export of one video goes: one file, or one for each of its clips. */
export function plannedFiles(
  kind: ExportKind,
  folder: string,
  pattern: string,
  values: TargetValues,
  clips: readonly number[],
): { readonly path: string; readonly clip: number | null }[] {
  if (writerOf(kind).by !== 'clips') return [{ path: targetPath(folder, pattern, values), clip: null }];
  return clips.map((clip) => ({ path: targetPath(folder, pattern, { ...values, clip: clipNumber(clip) }), clip }));
}
