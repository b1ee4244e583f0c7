import type { Analysis, AnalysisEvent } from '#contract/analysis.ts';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { ExportSettings } from '#contract/export-choice.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { AnalysisEngine } from '../analysis/analyze.ts';
import { resolveSettings } from '../analysis/settings.ts';
import { plannedFiles } from '../export/plan-export.ts';
import { storedSource } from '../export/stored-source.ts';
import type { TargetClaims } from '../export/targets/target-claims.ts';
import { checkNotSource, targetValues } from '../export/targets/target-path.ts';
import type { KnownVideo, KnownVideos } from '../files/known-videos.ts';
import { resultKey } from '../jobs/result-key.ts';
import type { ResultKey } from '../store/result-store.ts';
import type { BatchExport, ExportOutcome } from './batch-export.ts';
import type { BatchStore } from './batch-store.ts';
import { completeResult } from './complete-result.ts';
import { mayReplace, type UpdateRules, updateExport } from './update-export.ts';

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
  /** @param video The one that is exported, while another one may be analysed. */
  onExport(video: string, share: number): void;
}

export interface VideoOutcome {
  readonly key: ResultKey;
  readonly analysis: Analysis;
  /** False: an earlier run had done it. */
  readonly computed: boolean;
  readonly exports: readonly ExportOutcome[];
}

/** A video of a batch whose analysis is complete. It stays open until it is disposed of. */
export interface AnalysedVideo extends AsyncDisposable {
  /**
   * Writes the exports that are missing or would be other ones now. One that fails does not stop the others.
   *
   * @throws the signal's reason
   */
  export(signal: AbortSignal): Promise<VideoOutcome>;
}

/**
 * Analyses one video as far as that was not done before.
 *
 * @throws what looking into the video and the analysis throw; the signal's reason; why nothing can be exported, where
 *   that is known
 */
export async function analyseVideo(path: string, batch: Batch, signal: AbortSignal): Promise<AnalysedVideo> {
  const { store, bundle, request, exports } = batch;
  const video = await batch.videos.look(path);
  signal.throwIfAborted();
  const key = resultKey(video.content, bundle.manifest, resolveSettings(bundle.manifest, request));
  const refused = await refusals(video, key, batch);
  // What cannot be written anyway is not worth hours of computing.
  const first = exports[0] === undefined ? undefined : refused.get(exports[0]);
  if (first !== undefined && exports.every((one) => refused.has(one))) throw first;

  const result = await store.open(key);
  try {
    const computed = !result.facts?.outcome;
    if (computed) {
      const engine = await batch.engine();
      for await (const event of completeResult(video.info, request, engine, result, signal)) batch.onAnalysis(event);
    }
    const source = await storedSource({ result, video, bundle });
    return {
      async export(stop) {
        const outcomes: ExportOutcome[] = [];
        for (const one of exports) {
          const failure = refused.get(one);
          const course = { signal: stop, onProgress: (share: number) => batch.onExport(path, share) };
          outcomes.push(
            failure === undefined
              ? await updateExport(one, source, key, rulesOf(batch), course)
              : { export: one, written: [], current: 0, first: null, failure },
          );
        }
        return { key, analysis: source.analysis, computed, exports: outcomes };
      },
      [Symbol.asyncDispose]: () => result[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await result[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** Exports that cannot be written, as far as that is known before the clips are, and why. */
async function refusals(video: KnownVideo, key: ResultKey, batch: Batch): Promise<Map<BatchExport, unknown>> {
  const refused = new Map<BatchExport, unknown>();
  for (const [i, one] of batch.exports.entries()) {
    try {
      const { path } = video.info;
      const values = targetValues(path, batch.bundle.manifest.name);
      const [first] = plannedFiles(one.format.kind, one.folder, one.pattern, values, [0]);
      if (first === undefined) continue;
      batch.claims.claim(first.path, `${i} ${path}`, path);
      await checkNotSource(first.path, path);
      if (first.clip === null) await mayReplace(first.path, one, { key, video: path }, rulesOf(batch));
    } catch (thrown) {
      refused.set(one, thrown);
    }
  }
  return refused;
}

const rulesOf = ({ store, settings, overwrite }: Batch): UpdateRules => ({
  ...{ receipts: store.receipts, settings, overwrite },
});
