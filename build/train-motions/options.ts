import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { numberBetween, wholeNumber } from '#cli/commands/options.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import type { DeviceRequest } from '#native-models/runtime/choose-device.ts';
import type { RewardShape } from '#native-models/training/reward.ts';
import type { Budget } from './plan.ts';
import type { Recipe } from './recipe.ts';

/** What a person asks of `npm run train:motions`. */
export interface TrainMotionsRequest {
  readonly recipe: Recipe;
  /** Folder of the bundle to go on from. */
  readonly start: string | null;
  readonly budget: Budget;
  readonly out: string;
  readonly name: string;
  readonly valClips: number;
  readonly tolerance: number;
  readonly device: DeviceRequest;
  /** Of the phases after the backbone's; the backbone has one for each part of a batch. */
  readonly threads: number;
  readonly workers: number;
}

interface Flags extends Omit<Recipe, 'attention' | 'start'>, Omit<TrainMotionsRequest, 'recipe' | 'budget' | 'start'> {
  readonly hours: number;
  readonly steps?: number;
  readonly attention: 'joint' | 'divided';
  readonly start?: string;
}

const ATTENTION: Record<Flags['attention'], AttentionType> = {
  joint: 'joint_space_time',
  divided: 'divided_space_time',
};

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): TrainMotionsRequest {
  const flags = command().parse(args, { from: 'user' }).opts<Flags>();
  const { hours, steps, attention, start = null, ...rest } = flags;
  const { out, name, valClips, tolerance, device, threads, workers, ...sizes } = rest;
  const recipe = { ...sizes, attention: ATTENTION[attention] };
  const budget = steps === undefined ? { hours } : { steps };
  return { recipe, start, budget, out, name, valClips, tolerance, device, threads, workers };
}

function command(): Command {
  const [whole, rate, weight] = [wholeNumber(1), numberBetween(0, 1), numberBetween(0, 1000)];
  const rewards: readonly RewardShape[] = ['squared', 'linear'];
  return new Command('train:motions')
    .description('Trains a model on drawn figures and writes it as a bundle. A training that was interrupted goes on.')
    .option('--hours <h>', 'how long to train, about', numberBetween(0.001, 10_000), 10)
    .addOption(new Option('--steps <n>', 'how many steps instead').argParser(whole).conflicts('hours'))
    .option('--out <dir>', 'where the training is kept and the bundle is written', '.cache/train-motions')
    .option('--name <name>', 'what the bundle is called', 'motions-tiny')
    .addOption(new Option('--attention <type>').choices(['joint', 'divided']).default('joint'))
    .option('--size <px>', 'side of a frame', wholeNumber(16), 128)
    .option('--patch <px>', 'side of a patch', whole, 16)
    .option('--frames <n>', 'frames of a clip', whole, 8)
    .option('--dim <n>', 'width', whole, 128)
    .option('--blocks <n>', 'blocks', whole, 6)
    .option('--heads <n>', 'attention heads', whole, 4)
    .addOption(
      new Option('--interpreter <kind>', 'what it sees').choices(['token', 'motion-aware']).default('motion-aware'),
    )
    .option('--interpreter-heads <n>', 'heads of the interpreter', whole, 8)
    .option('--batch <n>', 'clips of a step', whole, 32)
    .option('--replicas <n>', 'equal parts of a batch that are computed at the same time', whole, 2)
    .option('--clips <n>', 'different training clips', whole, 1_000_000)
    .option('--policy-time <t>', 'time of the policy phases, where the backbone takes 0.8', rate, 0.1)
    .option('--fine-tune-time <t>', 'time of the fine-tune phases, likewise', rate, 0.1)
    .option('--rounds <n>', 'turns of policy and fine-tune phase', whole, 2)
    .option('--learning-rate <r>', 'peak, of the backbone', rate, 2e-3)
    .option('--policy-learning-rate <r>', 'peak, of the interpreter; REINFORCE wants less, 5e-4', rate, 3e-3)
    .option('--fine-tune-learning-rate <r>', 'peak, of the blocks in the fine-tune phases', rate, 2e-4)
    .addOption(
      new Option('--estimator <kind>', 'how the interpreter learns').choices(['reinforce', 'gumbel']).default('gumbel'),
    )
    .addOption(new Option('--reward <shape>', 'how dropped patches are rewarded').choices(rewards).default('squared'))
    .option('--tau <t>', 'price of a wrong answer', numberBetween(0, 100), 1)
    .option('--label-smoothing <s>', 'share of the target that is spread over all classes', rate, 0.1)
    .option('--region-weight <w>', 'how much the regions of the body count, read from the last tokens', weight, 30)
    .option('--early-region-weight <w>', 'how much they count, read before the first block', weight, 10)
    .option('--token-class-weight <w>', 'how much the class counts that each token tells', weight, 0.5)
    .option('--start <bundle>', 'a bundle to go on from instead of from random weights')
    .option(
      '--first-stage <n>',
      'stage to begin with: 1 the figure, 2 its surroundings, 3 everything, 4 selection',
      whole,
      1,
    )
    .option('--seed <n>', 'decides about all chance', wholeNumber(0), 1)
    .option('--val-clips <n>', 'clips that the result is judged by', whole, 1260)
    .option(
      '--tolerance <share>',
      'so much accuracy may be lost by dropping patches: the threshold is lowered until it is not more',
      rate,
      0.006,
    )
    .addOption(new Option('--device <name>').choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'))
    .option('--threads <n>', 'threads of the CPU', whole, availableParallelism())
    .option('--workers <n>', 'threads that draw clips', whole, 1)
    .exitOverride();
}
