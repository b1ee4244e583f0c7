import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { prepareTraining } from '#engine/training/prepare-training.ts';
import type { TrainingRequest } from '#engine/training/resolve-recipe.ts';
import { type OnJudging, runTraining } from '#engine/training/run-training.ts';
import type { BadData } from '#engine/training/training-data.ts';
import { newBundleDirectory, resolveVideoBundle } from '#native-models/bundle/store.ts';
import { bundlePath } from '#native-models/bundle/write-bundle.ts';
import type { DeviceRequest } from '#native-models/runtime/choose-device.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { RewardShape } from '#native-models/training/reward.ts';
import type { CommandContext } from '../context.ts';
import { writeJson } from '../json-output.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { nextStep } from './next-step.ts';
import { deviceOptions, numberBetween, wholeNumber } from './options.ts';
import { printTraining, showTraining } from './training-report.ts';

interface TrainOptions extends TrainingRequest {
  readonly model: string;
  readonly out: string;
  readonly name?: string;
  readonly install?: boolean;
  readonly root?: string;
  readonly badData: BadData;
  readonly cache: number;
  readonly device: DeviceRequest;
  readonly threads?: number;
  readonly json?: string;
}

const rewards: readonly RewardShape[] = ['squared', 'linear'];

/** `patchlight train <data>` */
export function addTrainCommand(program: Command, context: CommandContext): void {
  const [count, steps, rate] = [wholeNumber(1), wholeNumber(0), numberBetween(0, 1)];
  const command = program
    .command('train')
    .description(
      'Fit patch selection to a model and to videos of your own, and write the result as a new model. A training that was interrupted goes on with the same command.',
    )
    .argument('<data>', 'a folder of videos (with one folder for each class, or --pseudo-labels), or a list of them')
    .requiredOption('--model <name|dir>', 'model that selection is fitted to, by name or folder')
    .requiredOption('--out <dir>', 'where the training is kept and the new model is written')
    .option('--name <name>', "what the new model is called (default: the model's name and -selected)")
    .option('--install', 'write the new model to your models instead, where other commands find it by name')
    .option('--pseudo-labels', "take the model's own answer on all patches for right: videos need no labels", false)
    .addOption(
      new Option('--epochs <n>', 'passes over the training clips, both phases together (default: 6, or 600 steps)')
        .argParser(numberBetween(0, 10_000))
        .conflicts('steps'),
    )
    .addOption(new Option('--steps <n>', 'the same in steps').argParser(count))
    .option('--policy-steps <n>', 'steps in which the interpreter learns which patches matter', steps)
    .option(
      '--fine-tune-steps <n>',
      'steps in which the blocks learn to answer from those (default: a sixth, or none with --pseudo-labels)',
      steps,
    )
    .option('--rounds <n>', 'turns of the two', count, 1)
    .option('--batch <n>', 'clips that are computed at once', count, 8)
    .option('--accumulate <n>', 'so many batches make a step', count, 1)
    .addOption(
      new Option(
        '--interpreter <kind>',
        "what it sees of a patch: itself, or also what moves there (default: the model's, or token)",
      ).choices(['token', 'motion-aware']),
    )
    .addOption(
      new Option(
        '--estimator <kind>',
        'how the interpreter learns: by REINFORCE, as in the paper, or through Gumbel draws',
      )
        .choices(['reinforce', 'gumbel'])
        .default('reinforce'),
    )
    .addOption(new Option('--reward <shape>', 'how dropped patches are rewarded').choices(rewards).default('squared'))
    .option('--tau <t>', 'price of a wrong answer (default: 1, or 4 with --pseudo-labels)', numberBetween(0, 1000))
    .option('--threshold <x>', "patches that score above it are kept (default: the model's, or 0.5)", rate)
    .option(
      '--agreement <share>',
      "lower the threshold after training until this share of training clips gets the full model's answer; 0: leave it (default: 0, or 0.97 with --pseudo-labels)",
      rate,
    )
    .option(
      '--exploration <alpha>',
      'draw by α·p + (1 − α)·(1 − p) instead of p; BlockDrop has 0.8',
      numberBetween(0.5, 1),
    )
    .option('--entropy <bonus>', 'reward for being undecided, for each nat', numberBetween(0, 10), 0)
    .option('--learning-rate <r>', 'peak, of the interpreter', rate, 3e-3)
    .option('--fine-tune-learning-rate <r>', 'peak, of the blocks', rate, 5e-5)
    .option('--held-out <share>', 'share of the videos that judge the result', numberBetween(0.001, 0.9), 0.2)
    .option('--no-flip', 'never mirror a clip')
    .option('--seed <n>', 'decides about all chance', wholeNumber(0), 1)
    .option('--root <dir>', "where a list's paths begin (default: the list's folder)")
    .addOption(
      new Option('--bad-data <what>', 'videos and entries that cannot be used: stop before training, or skip them')
        .choices(['stop', 'skip'])
        .default('stop'),
    )
    .option('--cache <MB>', 'memory for decoded clips', wholeNumber(0), 1024)
    .option('--json <file|->', 'write data, recipe and results as JSON');
  for (const option of deviceOptions()) if (option.long !== '--precision') command.addOption(option);
  command.action((data: string, options: TrainOptions) => run(data, options, context));
}

async function run(data: string, options: TrainOptions, { terminal, signal }: CommandContext): Promise<void> {
  const bundle = await resolveVideoBundle(options.model);
  const name = options.name ?? `${bundle.manifest.name}-selected`;
  const directory = resolve(options.out);
  const target = options.install === true ? await newBundleDirectory(name) : bundlePath(directory, name);
  using checking = new Progress(terminal, 'checking videos');
  await using prepared = await prepareTraining({
    data,
    root: options.root,
    badData: options.badData,
    bundle,
    request: { ...options, exploration: options.exploration ?? null },
    directory,
    target,
    cacheBytes: options.cache * 1e6,
    signal,
    onProgress: (done, total) => checking.update(done, total, `${done} of ${total}`),
  });
  checking.clear();
  for (const problem of prepared.leftOut) terminal.warning(`Left out: ${problem}`);

  await using runtime = await InferenceRuntime.start({
    device: options.device,
    precision: 'fp32',
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    const events = runTraining(prepared, runtime, judgingProgress(terminal));
    const report = await showTraining(events, terminal);
    if (options.json !== '-') printTraining(terminal, report);
    if (options.json !== undefined) await writeJson(terminal, options.json, report);
    const model = options.install === true ? name : join(directory, name);
    terminal.note(nextStep(model, true));
  } catch (thrown) {
    if (signal.aborted) terminal.note(`What was learnt is kept in ${directory}: the same command goes on from there.`);
    throw thrown;
  }
}

/** Shows how a model is judged; each pass through the clips is timed by itself. */
function judgingProgress(terminal: Terminal): OnJudging {
  let progress: Progress | undefined;
  return (done, total) => {
    progress ??= new Progress(terminal, 'judging');
    progress.update(done, total, `${done} of ${total} clips`);
    if (done < total) return;
    progress.clear();
    progress = undefined;
  };
}
