import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { UsageError } from '#contract/errors.ts';
import type { Evaluation, EvaluationEvent, EvaluationSweep } from '#contract/evaluation.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { balancedChoice } from '#engine/evaluation/data-set/balanced-choice.ts';
import { type DataSet, openDataSet } from '#engine/evaluation/data-set/data-set.ts';
import { evaluate, identityOf } from '#engine/evaluation/evaluate.ts';
import { Journal } from '#engine/evaluation/journal.ts';
import { EVALUATION_JOURNAL } from '#engine/evaluation/outcome.ts';
import { resolveEvaluation, type Sweep } from '#engine/evaluation/settings.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { writeJson } from '../json-output.ts';
import { formatShare } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { comparisonAdvice, printEvaluation } from './evaluation-report.ts';
import {
  type DeviceOptions,
  deviceOptions,
  type ModelOptions,
  modelOptions,
  selectionRequest,
  wholeNumber,
} from './options.ts';
import { sweepOption } from './sweep-option.ts';

interface EvaluateOptions extends ModelOptions, DeviceOptions {
  readonly sweep: readonly Sweep[];
  readonly root?: string;
  readonly limit?: number;
  readonly limitSeed: number;
  readonly skipBad?: boolean;
  readonly resume?: string;
  readonly json?: string;
}

/** `patchlight evaluate <dataset>` */
export function addEvaluateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('Judge a model on labelled videos: error rates, kept patches, computation, speed.')
    .argument('<dataset>', 'a list (`path label` on each line), or a folder with one folder of videos for each class');
  for (const option of modelOptions()) command.addOption(option);
  command
    .addOption(sweepOption())
    .addOption(new Option('--root <dir>', "where a list's paths begin (default: the list's folder)"))
    .addOption(
      new Option('--limit <n>', 'judge so many videos, as even over the classes as possible').argParser(wholeNumber(1)),
    )
    .addOption(new Option('--limit-seed <n>', 'chooses which').argParser(wholeNumber(0)).default(0))
    .option('--skip-bad', 'leave out what cannot be used, with a count, instead of refusing the data set')
    .addOption(
      new Option('--resume <file>', 'keep results in this file as they come, and go on from those that are in it'),
    )
    .addOption(
      new Option(
        '--json <file|->',
        'write everything as JSON; a file can be gone on with after a break as with --resume',
      ),
    );
  for (const option of deviceOptions()) command.addOption(option);
  command.action((dataset: string, options: EvaluateOptions) => run(dataset, options, context));
}

async function run(dataset: string, options: EvaluateOptions, { terminal, signal }: CommandContext): Promise<void> {
  if (options.resume !== undefined && options.json !== undefined && resolve(options.resume) === resolve(options.json)) {
    throw new UsageError('--resume and --json name the same file.', {
      hint: 'Leave out --resume: results under way are kept beside the document.',
    });
  }
  const bundle = await resolveBundle(options.model);
  const settings = resolveEvaluation(bundle.manifest, { ...selectionRequest(options), sweeps: options.sweep });
  const data = await readDataSet(dataset, bundle, options, signal);
  if (data.bad.length > 0) {
    const count = data.bad.length === 1 ? 'one entry' : `${data.bad.length} entries`;
    terminal.warning(`Left out ${count} that cannot be used.`);
  }

  await using engine = await openEngine(bundle, options);
  const keptIn = options.resume ?? progressFile(options.json);
  const identity = identityOf(data, settings, engine);
  await using journal = keptIn === undefined ? null : await Journal.open(keptIn, identity, EVALUATION_JOURNAL);
  let rows: readonly Evaluation[];
  try {
    rows = await finish(
      evaluate(data, settings, engine, { signal, ...(journal === null ? {} : { journal }) }),
      terminal,
    );
  } catch (thrown) {
    if (signal.aborted && journal !== null) {
      terminal.note(`What was judged is kept in ${journal.path}: the same command goes on from there.`);
    }
    throw thrown;
  }

  if (options.json !== '-') printEvaluation(terminal, rows);
  const advice = comparisonAdvice(rows);
  if (advice !== null && options.json !== '-') terminal.print(advice);
  if (options.json !== undefined) await writeJson(terminal, options.json, documentOf(rows, options));
  if (journal !== null && options.resume === undefined) await rm(journal.path, { force: true });
  const failed = rows[0]?.failures.length ?? 0;
  if (failed > 0 && options.skipBad !== true) process.exitCode = EXIT.failed;
}

async function readDataSet(
  path: string,
  { labels }: Bundle,
  { root, skipBad, limit, limitSeed }: EvaluateOptions,
  signal: AbortSignal,
): Promise<DataSet> {
  const data = await openDataSet(path, { labels, root, skipBad, signal });
  return limit === undefined ? data : { ...data, videos: balancedChoice(data.videos, limit, limitSeed) };
}

/** Results under way are kept beside the document that they become. */
function progressFile(json: string | undefined): string | undefined {
  return json === undefined || json === '-' ? undefined : `${json}.progress`;
}

/** Shows what happens until the rows are there. */
async function finish(events: AsyncIterable<EvaluationEvent>, terminal: Terminal): Promise<readonly Evaluation[]> {
  using progress = new Progress(terminal, 'evaluating');
  let resumed = 0;
  for await (const event of events) {
    switch (event.type) {
      case 'start':
        resumed = event.start.resumed;
        if (resumed > 0) terminal.note(`${resumed} of ${event.start.videos} videos were judged before.`);
        break;
      case 'warning':
        progress.clear();
        terminal.warning(about(event.path, event.warning.message));
        break;
      case 'failure':
        progress.clear();
        terminal.warning(about(event.failure.path, event.failure.error.message));
        break;
      case 'progress': {
        const { videosDone, videosTotal, clip1Error } = event;
        const error = clip1Error === null ? '' : `  clip-1 error ${formatShare(clip1Error)}`;
        progress.update(videosDone - resumed, videosTotal - resumed, `${videosDone} of ${videosTotal} videos${error}`);
        break;
      }
      case 'done':
        return event.rows;
    }
  }
  throw new Error('The evaluation ended without a result.');
}

function about(path: string | null, message: string): string {
  return path === null || message.includes(path) ? message : `${path}: ${message}`;
}

function documentOf(rows: readonly Evaluation[], { sweep }: EvaluateOptions): Evaluation | EvaluationSweep | undefined {
  return sweep.length === 0 ? rows[0] : { rows: [...rows] };
}
