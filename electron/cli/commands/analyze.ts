import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis } from '#contract/analysis.ts';
import { type ErrorData, toErrorData } from '#contract/errors.ts';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import type { AnalysisRequest } from '#engine/analysis/settings.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, reportFailure } from '../exit.ts';
import { writeJson } from '../json-output.ts';
import { Progress } from '../terminal/progress.ts';
import { printAnalysis } from './analysis-report.ts';
import {
  type DeviceOptions,
  deviceOptions,
  type ModelOptions,
  modelOptions,
  numberBetween,
  selectionRequest,
  wholeNumber,
} from './options.ts';

interface AnalyzeOptions extends ModelOptions, DeviceOptions {
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
    .argument('<video...>', 'video files');
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
  for (const option of deviceOptions()) command.addOption(option);
  command.action((videos: string[], options: AnalyzeOptions) => run(videos, options, context));
}

type Outcome = Analysis | { readonly video: { readonly path: string }; readonly error: ErrorData };

async function run(videos: readonly string[], options: AnalyzeOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const bundle = await resolveBundle(options.model);
  await using engine = await openEngine(bundle, options);
  const outcomes: Outcome[] = [];
  for (const path of videos) {
    try {
      const analysis = await analyzeOne(path, requestOf(options), engine, context);
      outcomes.push(analysis);
      if (options.json !== '-') printAnalysis(terminal, analysis);
    } catch (thrown) {
      if (signal.aborted || videos.length === 1) throw thrown;
      // One bad file does not stop the others.
      reportFailure(terminal, thrown, signal);
      outcomes.push({ video: { path }, error: toErrorData(thrown) });
      process.exitCode = EXIT.failed;
    }
  }
  if (options.json !== undefined) await writeJson(terminal, options.json, videos.length === 1 ? outcomes[0] : outcomes);
}

async function analyzeOne(
  path: string,
  request: AnalysisRequest,
  engine: Awaited<ReturnType<typeof openEngine>>,
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
