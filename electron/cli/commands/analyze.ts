import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis } from '#contract/analysis.ts';
import { type ErrorData, toErrorData } from '#contract/errors.ts';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import type { AnalysisRequest } from '#engine/analysis/settings.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { SELECTORS, type SelectorName } from '#native-models/selection/selector.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, reportFailure } from '../exit.ts';
import { writeJson } from '../json-output.ts';
import { Progress } from '../terminal/progress.ts';
import { printAnalysis } from './analysis-report.ts';
import { type DeviceOptions, deviceOptions, numberBetween, wholeNumber } from './options.ts';

interface AnalyzeOptions extends DeviceOptions {
  readonly model: string;
  readonly views: '1' | '3';
  readonly selector?: SelectorName;
  readonly threshold?: number;
  readonly keep?: number;
  readonly seed?: number;
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
    .argument('<video...>', 'video files')
    .addOption(new Option('--model <name|dir>', 'model bundle, by name or folder').default(DEFAULT_MODEL))
    .addOption(
      new Option('--views <n>', '1: the centre crop; 3: left, centre and right, averaged')
        .choices(['1', '3'])
        .default('3'),
    )
    .addOption(
      new Option('--selector <name>', 'how patches are chosen (default: interpreter where the model has one)').choices(
        SELECTORS,
      ),
    )
    .addOption(
      new Option('--threshold <x>', 'keep patches that score above it')
        .argParser(numberBetween(0, 1000))
        .conflicts('keep'),
    )
    .addOption(
      new Option('--keep <ratio>', 'keep this share of the patches, best first').argParser(numberBetween(0, 1)),
    )
    .addOption(new Option('--seed <n>', 'for --selector random').argParser(wholeNumber(0)))
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

/** A bundle that comes with Patchlight. */
const DEFAULT_MODEL = 'untrained-tiny';

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
    views: options.views === '1' ? 1 : 3,
    selector: { name: options.selector, threshold: options.threshold, keep: options.keep, seed: options.seed },
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
