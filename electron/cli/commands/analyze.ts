import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis } from '#contract/analysis.ts';
import { type ErrorData, toErrorData } from '#contract/errors.ts';
import { type AnalysisEngine, analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import type { AnalysisRequest } from '#engine/analysis/settings.ts';
import { BatchStore } from '#engine/batch/batch-store.ts';
import { resolveVideoBundle } from '#native-models/bundle/store.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, reportFailure } from '../exit.ts';
import { writeJson } from '../json-output.ts';
import { Progress } from '../terminal/progress.ts';
import { printAnalysis } from './analysis-report.ts';
import type { BatchRequest } from './analyze-batch.ts';
import { type ExportOptions, exportOptions, refuseWithoutExports } from './export-options.ts';
import { type FoundVideo, foundVideos } from './found-videos.ts';
import {
  type DeviceOptions,
  deviceOptions,
  type ModelOptions,
  modelOptions,
  numberBetween,
  selectionRequest,
  wholeNumber,
} from './options.ts';

interface AnalyzeOptions extends ModelOptions, DeviceOptions, ExportOptions {
  readonly stride?: number;
  readonly span?: { readonly startSeconds: number; readonly endSeconds: number };
  readonly topK: number;
  readonly json?: string;
}

/** `patchlight analyze <video…>` */
export function addAnalyzeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('analyze')
    .description('Recognise actions in videos, and say which patches the model looked at and what that saved.')
    .argument('<video...>', 'video files, folders of videos, or patterns such as "clips/**/*.mp4"');
  for (const option of modelOptions()) command.addOption(option);
  command
    .addOption(
      new Option('--stride <seconds>', 'from clip to clip (default: back to back)').argParser(
        numberBetween(0.05, 86_400),
      ),
    )
    .addOption(new Option('--span <start,end>', 'only this part of the video, in seconds').argParser(parseSpan))
    .addOption(new Option('--top-k <n>', 'predictions to list').argParser(wholeNumber(1)).default(5))
    .addOption(new Option('--json <file|->', 'write everything as JSON; - is standard output'));
  for (const option of [...exportOptions(), ...deviceOptions()]) command.addOption(option);
  command.action(async (videos: string[], options: AnalyzeOptions) => {
    refuseWithoutExports(command, options);
    await run(videos, options, context);
  });
}

type BatchParts = Pick<BatchRequest, 'videos' | 'bundle' | 'engine' | 'store'>;

type Outcome = Analysis | { readonly video: { readonly path: string }; readonly error: ErrorData };

async function run(args: readonly string[], options: AnalyzeOptions, context: CommandContext): Promise<void> {
  const exporting = options.export.length > 0 || options.report !== undefined;
  // What is wrong with the names is wrong usage, and said before anything is begun.
  const batch = exporting ? await openBatch(options) : null;
  const store = new BatchStore();
  const bundle = await resolveVideoBundle(options.model);
  const videos = await foundVideos(args, store.receipts);
  // Trying the devices takes a moment, and is not needed where everything was done before.
  let started: ReturnType<typeof openEngine> | undefined;
  const engine = () => {
    started ??= openEngine(bundle, options);
    return started;
  };
  try {
    const outcomes =
      batch === null
        ? await analyzeEach(videos, options, engine, context)
        : await batch.run({ videos, bundle, engine, store }, context);
    const single = outcomes.length === 1 && args.length === 1;
    if (options.json !== undefined) await writeJson(context.terminal, options.json, single ? outcomes[0] : outcomes);
  } finally {
    await (await started?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }
}

/** Everything about exports is loaded only where there are some. */
async function openBatch(options: AnalyzeOptions) {
  const [{ analyzeBatch }, { batchExports }] = await Promise.all([
    import('./analyze-batch.ts'),
    import('./batch-exports.ts'),
  ]);
  const exports = batchExports(options);
  const asked = { options, exports, request: requestOf(options), quiet: options.json === '-' };
  return {
    async run(parts: BatchParts, context: CommandContext): Promise<Outcome[]> {
      const outcomes = await analyzeBatch({ ...asked, ...parts }, context);
      return outcomes.map((one) => (one.state === 'analysed' ? one.analysis : failed(one.path, one.thrown)));
    },
  };
}

/** Analyses videos and prints each result; nothing is kept. */
async function analyzeEach(
  videos: readonly FoundVideo[],
  options: AnalyzeOptions,
  engine: () => ReturnType<typeof openEngine>,
  context: CommandContext,
): Promise<Outcome[]> {
  const { terminal, signal } = context;
  const outcomes: Outcome[] = [];
  for (const { path, failure } of videos) {
    try {
      if (failure !== null) throw failure;
      const analysis = await analyzeOne(path, requestOf(options), await engine(), context);
      outcomes.push(analysis);
      if (options.json !== '-') printAnalysis(terminal, analysis);
    } catch (thrown) {
      if (signal.aborted || videos.length === 1) throw thrown;
      // One bad file does not stop the others.
      reportFailure(terminal, thrown, signal);
      outcomes.push(failed(path, thrown));
      process.exitCode = EXIT.failed;
    }
  }
  return outcomes;
}

const failed = (path: string, thrown: unknown): Outcome => ({ video: { path }, error: toErrorData(thrown) });

async function analyzeOne(
  path: string,
  request: AnalysisRequest,
  engine: AnalysisEngine,
  { terminal, signal }: CommandContext,
): Promise<Analysis> {
  using progress = new Progress(terminal, 'analysing');
  const started = performance.now();
  for await (const event of analyze(path, request, engine, signal)) {
    if (event.type === 'progress') {
      const speed = (1000 * event.viewsDone) / (performance.now() - started);
      progress.update(event.viewsDone, event.viewsTotal, `${speed.toFixed(speed < 10 ? 1 : 0)} views/s`);
    } else if (event.type === 'warning') {
      progress.clear();
      const { message } = event.warning;
      terminal.warning(message.includes(basename(path)) ? message : `${path}: ${message}`);
    } else if (event.type === 'done') return event.analysis;
  }
  throw new Error('The analysis ended without a result.');
}

function requestOf(options: AnalyzeOptions): AnalysisRequest {
  return {
    ...selectionRequest(options),
    strideSeconds: options.stride,
    span: options.span,
    topK: options.topK,
  };
}

function parseSpan(text: string): { startSeconds: number; endSeconds: number } {
  const [start, end, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (start === undefined || end === undefined || rest.length > 0 || !(start >= 0) || !(end > start)) {
    throw new InvalidArgumentError('It must be two numbers of seconds, start before end: --span 10,25.5');
  }
  return { startSeconds: start, endSeconds: end };
}
