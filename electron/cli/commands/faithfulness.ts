import { type Command, InvalidArgumentError, Option } from 'commander';
import { SCORE_MAPS, type ScoreMapName } from '#contract/score-maps.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { availableMaps } from '#engine/analysis/score-map.ts';
import { identityOf } from '#engine/evaluation/evaluate.ts';
import { evaluateMaps } from '#engine/evaluation/faithfulness/evaluate-maps.ts';
import { MAP_JOURNAL } from '#engine/evaluation/faithfulness/map-journal.ts';
import { maskFolder } from '#engine/evaluation/faithfulness/mask-files.ts';
import { Journal } from '#engine/evaluation/journal.ts';
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
import { printFaithfulness } from './faithfulness-report.ts';
import { dropJournal, keepingJudged, showJudging } from './judging.ts';
import { type DeviceOptions, deviceOptions, modelOption } from './options.ts';

interface FaithfulnessOptions extends DeviceOptions, DataSetOptions {
  readonly model: string;
  readonly maps?: readonly ScoreMapName[];
  readonly masks?: string;
}

/** `patchlight faithfulness <dataset>` */
export function addFaithfulnessCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('faithfulness')
    .description(
      'Judge score maps on videos: what the model answers without their patches, and how they agree with masks.',
    )
    .argument('<dataset>', DATA_SET_ARGUMENT)
    .addOption(modelOption())
    .addOption(
      new Option('--maps <a,b,…>', `which: ${SCORE_MAPS.join(', ')} (default: all that the model has)`).argParser(
        parseMaps,
      ),
    )
    .addOption(
      new Option(
        '--masks <dir>',
        'foreground masks, below it the paths of the videos with .png (default: masks beside the data set, if any)',
      ),
    );
  for (const option of dataSetOptions()) command.addOption(option);
  for (const option of deviceOptions()) command.addOption(option);
  command.action((dataset: string, options: FaithfulnessOptions) => run(dataset, options, context));
}

async function run(dataset: string, options: FaithfulnessOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const keptIn = progressFile(options);
  const bundle = await resolveVideoBundle(options.model);
  const data = await readDataSet(dataset, bundle, options, terminal, signal);
  const settings = {
    maps: options.maps ?? availableMaps(bundle.manifest),
    masks: await maskFolder(data, options.masks),
  };
  await using engine = await openEngine(bundle, { ...options, sessions: SESSIONS });
  const identity = identityOf(data, settings, engine);
  await using journal = keptIn === undefined ? null : await Journal.open(keptIn, identity, MAP_JOURNAL);
  const { faithfulness } = await keepingJudged(journal, context, () =>
    showJudging(evaluateMaps(data, settings, engine, { signal, ...(journal === null ? {} : { journal }) }), terminal),
  );
  if (options.json !== '-') printFaithfulness(terminal, faithfulness);
  if (options.json !== undefined) await writeJson(terminal, options.json, faithfulness);
  await dropJournal(journal, options.resume);
  if (faithfulness.failures.length > 0 && options.skipBad !== true) process.exitCode = EXIT.failed;
}

/** Stem and dense trunk for the curves, and saliency and rollout for their maps. */
const SESSIONS = 4;

function parseMaps(text: string): readonly ScoreMapName[] {
  return [...new Set(text.split(',').map((part) => part.trim()))].map((wanted) => {
    const found = SCORE_MAPS.find((name) => name === wanted);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`There is no score map "${wanted}", only ${SCORE_MAPS.join(', ')}.`);
  });
}
