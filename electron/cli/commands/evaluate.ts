import type { Command } from 'commander';
import type { Evaluation, EvaluationSweep } from '#contract/evaluation.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { evaluate, identityOf } from '#engine/evaluation/evaluate.ts';
import { Journal } from '#engine/evaluation/journal.ts';
import { EVALUATION_JOURNAL } from '#engine/evaluation/outcome.ts';
import { resolveEvaluation, type Sweep } from '#engine/evaluation/settings.ts';
import { resolveVideoBundle } from '#native-models/bundle/store.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { writeJson } from '../json-output.ts';
import {
  DATA_SET_ARGUMENT,
  type DataSetOptions,
  dataSetOptions,
  progressFile,
  readDataSet,
} from './data-set-options.ts';
import { comparisonAdvice, printEvaluation } from './evaluation-report.ts';
import { dropJournal, keepingJudged, showJudging } from './judging.ts';
import { type DeviceOptions, deviceOptions, type ModelOptions, modelOptions, selectionRequest } from './options.ts';
import { sweepOption } from './sweep-option.ts';

interface EvaluateOptions extends ModelOptions, DeviceOptions, DataSetOptions {
  readonly sweep: readonly Sweep[];
}

/** `patchlight evaluate <dataset>` */
export function addEvaluateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('Judge a model on labelled videos: error rates, kept patches, computation, speed.')
    .argument('<dataset>', DATA_SET_ARGUMENT)
    .addHelpText('after', '\nHow well score maps tell what predictions rest on: patchlight faithfulness --help');
  for (const option of modelOptions()) command.addOption(option);
  command.addOption(sweepOption());
  for (const option of dataSetOptions()) command.addOption(option);
  for (const option of deviceOptions()) command.addOption(option);
  command.action((dataset: string, options: EvaluateOptions) => run(dataset, options, context));
}

async function run(dataset: string, options: EvaluateOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const keptIn = progressFile(options);
  const bundle = await resolveVideoBundle(options.model);
  const settings = resolveEvaluation(bundle.manifest, { ...selectionRequest(options), sweeps: options.sweep });
  const data = await readDataSet(dataset, bundle, options, terminal, signal);

  await using engine = await openEngine(bundle, options);
  const identity = identityOf(data, settings, engine);
  await using journal = keptIn === undefined ? null : await Journal.open(keptIn, identity, EVALUATION_JOURNAL);
  const { rows } = await keepingJudged(journal, context, () =>
    showJudging(evaluate(data, settings, engine, { signal, ...(journal === null ? {} : { journal }) }), terminal),
  );

  if (options.json !== '-') printEvaluation(terminal, rows);
  const advice = comparisonAdvice(rows);
  if (advice !== null && options.json !== '-') terminal.print(advice);
  if (options.json !== undefined) await writeJson(terminal, options.json, documentOf(rows, options));
  await dropJournal(journal, options.resume);
  const failed = rows[0]?.failures.length ?? 0;
  if (failed > 0 && options.skipBad !== true) process.exitCode = EXIT.failed;
}

function documentOf(rows: readonly Evaluation[], { sweep }: EvaluateOptions): Evaluation | EvaluationSweep | undefined {
  return sweep.length === 0 ? rows[0] : { rows: [...rows] };
}
