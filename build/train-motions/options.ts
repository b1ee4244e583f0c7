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
  readonly budget: Budget;
  readonly out: string;
  readonly name: string;
  readonly valClips: number;
  readonly device: DeviceRequest;
  readonly threads: number;
  readonly workers: number;
}

interface Flags extends Omit<Recipe, 'attention'>, Omit<TrainMotionsRequest, 'recipe' | 'budget'> {
  readonly hours: number;
  readonly steps?: number;
  readonly attention: 'joint' | 'divided';
}

const ATTENTION: Record<Flags['attention'], AttentionType> = {
  joint: 'joint_space_time',
  divided: 'divided_space_time',
};

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): TrainMotionsRequest {
  const flags = command().parse(args, { from: 'user' }).opts<Flags>();
  const { hours, steps, out, name, valClips, device, threads, workers, attention, ...sizes } = flags;
  const recipe = { ...sizes, attention: ATTENTION[attention] };
  const budget = steps === undefined ? { hours } : { steps };
  return { recipe, budget, out, name, valClips, device, threads, workers };
}

function command(): Command {
  const [whole, rate] = [wholeNumber(1), numberBetween(0, 1)];
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
    .option('--dim <n>', 'width', whole, 192)
    .option('--blocks <n>', 'blocks', whole, 6)
    .option('--heads <n>', 'attention heads', whole, 6)
    .option('--batch <n>', 'clips of a step', whole, 16)
    .option('--clips <n>', 'different training clips', whole, 1_000_000)
    .option('--rounds <n>', 'turns of policy and fine-tune phase', whole, 2)
    .option('--learning-rate <r>', 'peak, of the backbone', rate, 1e-3)
    .option('--policy-learning-rate <r>', 'peak, of the interpreter', rate, 3e-3)
    .option('--fine-tune-learning-rate <r>', 'peak, of the blocks in the fine-tune phases', rate, 2e-4)
    .addOption(new Option('--reward <shape>', 'how dropped patches are rewarded').choices(rewards).default('squared'))
    .option('--tau <t>', 'price of a wrong answer', numberBetween(0, 100), 1)
    .option('--label-smoothing <s>', 'share of the target that is spread over all classes', rate, 0.1)
    .option('--foreground-weight <w>', 'how much the foreground loss counts', numberBetween(0, 100), 1)
    .option('--seed <n>', 'decides about all chance', wholeNumber(0), 1)
    .option('--val-clips <n>', 'clips that the result is judged by', whole, 720)
    .addOption(new Option('--device <name>').choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'))
    .option('--threads <n>', 'threads of the CPU', whole, availableParallelism())
    .option('--workers <n>', 'threads that draw clips', whole, 1)
    .exitOverride();
}
