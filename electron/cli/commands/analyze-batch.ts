import { basename } from 'node:path';
import type { AnalysisEvent } from '#contract/analysis.ts';
import { analysisRequestSchema } from '#contract/analysis-request.ts';
import { UsageError } from '#contract/errors.ts';
import type { AnalysisRequest } from '#engine/analysis/settings.ts';
import type { BatchExport } from '#engine/batch/batch-export.ts';
import type { BatchStore } from '#engine/batch/batch-store.ts';
import { type Batch, exportVideo } from '#engine/batch/export-video.ts';
import { type BatchOutcome, checkReport, writeReport } from '#engine/batch/write-report.ts';
import { removeLeftDrafts } from '#engine/export/targets/draft.ts';
import { TargetClaims } from '#engine/export/targets/target-claims.ts';
import { KnownVideos } from '#engine/files/known-videos.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, reportFailure } from '../exit.ts';
import { Progress } from '../terminal/progress.ts';
import { printBatch } from './batch-report.ts';
import { type ExportOptions, intervalRule } from './export-options.ts';
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
 * the others. Prints a table in the end.
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
    settings: { intervals: intervalRule(options) },
    overwrite: options.overwrite ?? false,
    claims: new TargetClaims(),
    onAnalysis: (event) => progress.analysis(event),
    onExport: (one, share) => progress.export(one.pattern, share),
  };
  if (options.report !== undefined) await checkReport(options.report, batch);

  const outcomes: BatchOutcome[] = [];
  for (const found of asked.videos) {
    const outcome = await progress.video(found.path, () => outcomeOf(found, batch, signal));
    for (const failure of failuresOf(outcome)) {
      reportFailure(terminal, failure, signal);
      process.exitCode = EXIT.failed;
    }
    outcomes.push(outcome);
  }
  let reported = false;
  if (options.report !== undefined) {
    const file = options.report;
    using writing = new Progress(terminal, 'writing the report');
    reported = await writeReport(file, outcomes, batch, signal, (share) => writing.update(share, 1));
  }
  for (const notice of store.notices.all) terminal.warning(notice.message);
  if (!asked.quiet) printBatch(terminal, outcomes, reported ? options.report : undefined);
  return outcomes;
}

async function outcomeOf(found: FoundVideo, batch: Batch, signal: AbortSignal): Promise<BatchOutcome> {
  const { path } = found;
  try {
    if (found.failure !== null) throw found.failure;
    return { path, state: 'analysed', ...(await exportVideo(path, batch, signal)) };
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

/** The progress of the video that is being worked on. */
class BatchProgress implements Disposable {
  readonly #context: CommandContext;
  readonly #total: number;
  #number = 0;
  #path = '';
  #bar: Progress | undefined;
  #started = 0;

  constructor(context: CommandContext, total: number) {
    this.#context = context;
    this.#total = total;
  }

  async video(path: string, work: () => Promise<BatchOutcome>): Promise<BatchOutcome> {
    this.#number += 1;
    this.#path = path;
    this.#started = performance.now();
    try {
      return await work();
    } finally {
      this.clear();
    }
  }

  analysis(event: AnalysisEvent): void {
    if (event.type === 'progress') {
      const speed = (1000 * event.viewsDone) / (performance.now() - this.#started);
      const facts = `${speed.toFixed(speed < 10 ? 1 : 0)} views/s`;
      this.#show('analysing').update(event.viewsDone, event.viewsTotal, facts);
    } else if (event.type === 'warning') {
      this.clear();
      const { message } = event.warning;
      this.#context.terminal.warning(message.includes(basename(this.#path)) ? message : `${this.#path}: ${message}`);
    } else if (event.type === 'done') this.clear();
  }

  export(name: string, share: number): void {
    this.#show('exporting').update(share, 1, name);
  }

  clear(): void {
    this.#bar?.clear();
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
