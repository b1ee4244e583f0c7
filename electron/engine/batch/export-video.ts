import type { Analysis, AnalysisEvent } from '#contract/analysis.ts';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { ExportSettings } from '#contract/exports.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { AnalysisEngine } from '../analysis/analyze.ts';
import { resolveSettings } from '../analysis/settings.ts';
import { documentOf } from '../api/document.ts';
import { plannedFiles } from '../export/plan-export.ts';
import { runExport, type TargetFile } from '../export/run-export.ts';
import { storedSource } from '../export/stored-source.ts';
import { targetExists } from '../export/targets/draft.ts';
import type { TargetClaims } from '../export/targets/target-claims.ts';
import { checkNotSource, targetValues } from '../export/targets/target-path.ts';
import type { KnownVideo, KnownVideos } from '../files/known-videos.ts';
import { resultKey } from '../jobs/result-key.ts';
import { PROGRAM_VERSION } from '../program-version.ts';
import type { ResultKey } from '../store/result-store.ts';
import type { BatchExport, ExportOutcome } from './batch-export.ts';
import type { BatchStore } from './batch-store.ts';
import { completeResult } from './complete-result.ts';
import { type FileStamp, receiptKey } from './receipts.ts';

/** What is the same for all videos of a batch. */
export interface Batch {
  readonly store: BatchStore;
  readonly videos: KnownVideos;
  readonly bundle: Bundle;
  readonly request: AnalysisRequest;
  readonly exports: readonly BatchExport[];
  readonly settings: ExportSettings;
  readonly overwrite: boolean;
  readonly claims: TargetClaims;
  /** Starts inference, when there is something to compute. */
  engine(): Promise<AnalysisEngine>;
  onAnalysis(event: AnalysisEvent): void;
  onExport(one: BatchExport, share: number): void;
}

export interface VideoOutcome {
  readonly key: ResultKey;
  readonly analysis: Analysis;
  /** False: an earlier run had done it. */
  readonly computed: boolean;
  readonly exports: readonly ExportOutcome[];
}

/**
 * Analyses one video as far as that was not done before, and writes the exports that are missing or would be other ones now.
 * An export that fails does not stop the others.
 *
 * @throws what looking into the video and the analysis throw; the signal's reason
 */
export async function exportVideo(path: string, batch: Batch, signal: AbortSignal): Promise<VideoOutcome> {
  const { store, bundle, request, exports } = batch;
  const video = await batch.videos.look(path);
  signal.throwIfAborted();
  const key = resultKey(video.content, bundle.manifest, resolveSettings(bundle.manifest, request));
  const refused = await refusals(video, key, batch);
  // What cannot be written anyway is not worth hours of computing.
  const first = exports[0] === undefined ? undefined : refused.get(exports[0]);
  if (first !== undefined && exports.every((one) => refused.has(one))) throw first;

  await using result = await store.open(key);
  const computed = !result.facts?.outcome;
  if (computed) {
    const engine = await batch.engine();
    for await (const event of completeResult(video.info, request, engine, result, signal)) batch.onAnalysis(event);
  }
  const source = await storedSource({ result, video, bundle });
  const clips = source.analysis.clips.map(({ index }) => index);
  const outcomes: ExportOutcome[] = [];
  for (const one of exports) {
    const written: string[] = [];
    let current = 0;
    let failure: unknown = refused.get(one) ?? null;
    try {
      if (failure === null) {
        const planned = plannedFiles(one.format.kind, one.folder, one.pattern, valuesOf(video, batch), clips);
        const files: TargetFile[] = [];
        for (const { path: target, clip } of planned) {
          const replace = await mayReplace(target, one, video, key, batch);
          if (replace === 'current') current += 1;
          else files.push({ path: target, clip, replace });
        }
        const task = { kind: one.format.kind, folder: one.folder, files };
        const onWhole = ({ path: target }: TargetFile, stamp: FileStamp) =>
          store.receipts.note(target, video.info.path, keyOf(one, key, batch.settings), stamp);
        const onFile = ({ path: target }: TargetFile) => written.push(target);
        const onProgress = (share: number) => batch.onExport(one, share);
        if (files.length > 0)
          await runExport(source, task, { settings: batch.settings, signal, onProgress, onWhole, onFile });
      }
    } catch (thrown) {
      signal.throwIfAborted();
      failure = thrown;
    }
    outcomes.push({ export: one, written, current, failure });
  }
  return { key, analysis: await documentOf(result), computed, exports: outcomes };
}

/** Exports that cannot be written, as far as that is known before the clips are, and why. */
async function refusals(video: KnownVideo, key: ResultKey, batch: Batch): Promise<Map<BatchExport, unknown>> {
  const refused = new Map<BatchExport, unknown>();
  for (const [i, one] of batch.exports.entries()) {
    try {
      const [first] = plannedFiles(one.format.kind, one.folder, one.pattern, valuesOf(video, batch), [0]);
      if (first === undefined) continue;
      batch.claims.claim(first.path, `${i} ${video.info.path}`, video.info.path);
      await checkNotSource(first.path, video.info.path);
      if (first.clip === null) await mayReplace(first.path, one, video, key, batch);
    } catch (thrown) {
      refused.set(one, thrown);
    }
  }
  return refused;
}

/** @throws TargetExistsError where there is somebody else's file that must stay */
async function mayReplace(
  target: string,
  one: BatchExport,
  video: KnownVideo,
  key: ResultKey,
  { store, settings, overwrite }: Batch,
): Promise<boolean | 'current'> {
  const state = await store.receipts.stateOf(target, video.info.path, keyOf(one, key, settings));
  if (state === 'current') return 'current';
  if (state === 'foreign' && !overwrite) throw targetExists(target);
  return state !== 'missing';
}

/** Names everything that a file depends on besides its name. */
function keyOf({ format }: BatchExport, key: ResultKey, settings: ExportSettings): string {
  return receiptKey({ version: PROGRAM_VERSION, kind: format.kind, ...key, settings });
}

const valuesOf = ({ info }: KnownVideo, { bundle }: Batch) => targetValues(info.path, bundle.manifest.name);
