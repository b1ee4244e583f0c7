import { basename, join } from 'node:path';
import type { AnalysisEvent } from '#contract/analysis.ts';
import { analysisRequestSchema } from '#contract/analysis-request.ts';
import { UsageError } from '#contract/errors.ts';
import type { AnalysisRequest } from '#engine/analysis/settings.ts';
import type { BatchExport } from '#engine/batch/batch-export.ts';
import type { BatchStore } from '#engine/batch/batch-store.ts';
import { type AnalysedVideo, analyseVideo, type Batch } from '#engine/batch/export-video.ts';
import { type BatchOutcome, checkReport, writeReport } from '#engine/batch/write-report.ts';
import { removeLeftDrafts } from '#engine/export/targets/draft.ts';
import { TargetClaims } from '#engine/export/targets/target-claims.ts';
import { KnownVideos } from '#engine/files/known-videos.ts';
import { readSettings } from '#engine/store/settings-store.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, reportFailure } from '../exit.ts';
import { Progress } from '../terminal/progress.ts';
import { printBatch } from './batch-report.ts';
import { type ExportOptions, exportSettings } from './export-options.ts';
import type { FoundVideo } from './found-videos.ts';

export interface BatchRequest {
  readonly videos: readonly FoundVideo[];
  readonly options: ExportOptions;
  readonly exports: readonly BatchExport[];
  readonly request: AnalysisRequest;
  readonly bundle: Bundle;
  readonly engine: Batch['engine'];
  readonly store: BatchStore;
  /** Standard output is wanted for something else. */
  readonly quiet: boolean;
}

/**
 * Analyses videos and writes exports of them; what an earlier run has done is not done again, and one bad video does not stop
 * the others. While one is exported, the next one is analysed. Prints a table in the end.
 */
export async function analyzeBatch(asked: BatchRequest, context: CommandContext): Promise<readonly BatchOutcome[]> {
  const { terminal, signal } = context;
  const { options, bundle, store } = asked;
  await removeLeftDrafts();
  using progress = new BatchProgress(context, asked.videos.length);
  const batch: Batch = {
    ...{ store, bundle, engine: asked.engine },
    request: storableRequest(asked.request, bundle),
    videos: new KnownVideos(),
    exports: asked.exports,
    settings: exportSettings(options, asked.request.span ?? null),
    overwrite: options.overwrite ?? false,
    claims: new TargetClaims(),
    onAnalysis: (event) => progress.analysis(event),
    onExport: (video, share) => progress.export(video, share),
  };
  if (options.report !== undefined) await checkReport(options.report, batch);

  const outcomes = await outcomesOf(asked.videos, batch, progress, signal, (outcome) => {
    for (const failure of failuresOf(outcome)) {
      progress.makeRoom();
      reportFailure(terminal, failure, signal);
      process.exitCode = EXIT.failed;
    }
  });
  let reported = false;
  if (options.report !== undefined) {
    const file = options.report;
    using writing = new Progress(terminal, 'writing the report');
    reported = await writeReport(file, outcomes, batch, signal, (share) => writing.update(share, 1));
  }
  await store.tidy((await readSettings(join(userDataDirectory(), 'settings.json'))).storage.resultBytes);
  for (const notice of store.notices.all) terminal.warning(notice.message);
  if (!asked.quiet) printBatch(terminal, outcomes, reported ? options.report : undefined);
  return outcomes;
}

/** What becomes of each video, in order. The exports of one are written while the next one is analysed. */
async function outcomesOf(
  videos: readonly FoundVideo[],
  batch: Batch,
  progress: BatchProgress,
  signal: AbortSignal,
  onOutcome: (outcome: BatchOutcome) => void,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  let exporting = Promise.resolve();
  try {
    for (const found of videos) {
      progress.begin(found.path);
      const analysed = await analysedOf(found, batch, signal);
      await exporting.catch(async (thrown: unknown) => {
        if (!('thrown' in analysed)) await analysed[Symbol.asyncDispose]();
        throw thrown;
      });
      exporting = exportedOf(found.path, analysed, signal).then((outcome) => {
        outcomes.push(outcome);
        onOutcome(outcome);
      });
      // It is waited for when the next video is analysed; until then it is no stray failure.
      exporting.catch(() => {});
    }
  } finally {
    await exporting;
  }
  return outcomes;
}

type Analysed = AnalysedVideo | { readonly thrown: unknown };

async function analysedOf({ path, failure }: FoundVideo, batch: Batch, signal: AbortSignal): Promise<Analysed> {
  try {
    if (failure !== null) throw failure;
    return await analyseVideo(path, batch, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    return { thrown };
  }
}

async function exportedOf(path: string, analysed: Analysed, signal: AbortSignal): Promise<BatchOutcome> {
  if ('thrown' in analysed) return { path, state: 'failed', thrown: analysed.thrown };
  await using video = analysed;
  try {
    return { path, state: 'analysed', ...(await video.export(signal)) };
  } catch (thrown) {
    signal.throwIfAborted();
    return { path, state: 'failed', thrown };
  }
}

function failuresOf(outcome: BatchOutcome): readonly unknown[] {
  if (outcome.state === 'failed') return [outcome.thrown];
  return outcome.exports.flatMap(({ failure }) => (failure === null ? [] : [failure]));
}

/** The request as results keep it. */
function storableRequest(request: AnalysisRequest, { manifest }: Bundle): Batch['request'] {
  const parsed = analysisRequestSchema.safeParse({ ...request, model: manifest.name });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.')}: ${issue?.message}.`, { hint: 'See patchlight analyze --help.' });
}

/** The progress of the video that is being analysed; of the one before, how far its exports are. */
class BatchProgress implements Disposable {
  readonly #context: CommandContext;
  readonly #total: number;
  #number = 0;
  #path = '';
  #bar: Progress | undefined;
  #started = 0;
  #exporting = '';

  constructor(context: CommandContext, total: number) {
    this.#context = context;
    this.#total = total;
  }

  begin(path: string): void {
    this.clear();
    this.#number += 1;
    this.#path = path;
    this.#started = performance.now();
  }

  analysis(event: AnalysisEvent): void {
    if (event.type === 'progress') {
      const speed = (1000 * event.viewsDone) / (performance.now() - this.#started);
      const facts = [`${speed.toFixed(speed < 10 ? 1 : 0)} views/s`, this.#exporting];
      this.#show('analysing').update(event.viewsDone, event.viewsTotal, facts.filter((one) => one !== '').join(', '));
    } else if (event.type === 'warning') {
      this.makeRoom();
      const { message } = event.warning;
      this.#context.terminal.warning(message.includes(basename(this.#path)) ? message : `${this.#path}: ${message}`);
    } else if (event.type === 'done') this.clear();
  }

  export(path: string, share: number): void {
    this.#exporting = share < 1 ? `exporting ${basename(path)} ${Math.round(100 * share)} %` : '';
    if (path === this.#path) this.#show('exporting').update(share, 1);
  }

  /** For a line that is written now. */
  makeRoom(): void {
    this.#bar?.clear();
  }

  clear(): void {
    this.makeRoom();
    this.#bar = undefined;
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #show(work: string): Progress {
    const which = this.#total > 1 ? `${this.#number}/${this.#total} ` : '';
    this.#bar ??= new Progress(this.#context.terminal, `${which}${work} ${basename(this.#path)}`);
    return this.#bar;
  }
}
