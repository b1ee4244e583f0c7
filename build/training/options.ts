import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { numberBetween, wholeNumber } from '#cli/commands/options.ts';
import type { DeviceRequest } from '#native-models/runtime/choose-device.ts';
import type { RewardShape } from '#native-models/training/reward.ts';
import type { Budget } from './plan.ts';
import type { Recipe } from './recipe.ts';

/** What a person asks of `npm run train:…`, but for what is learnt. */
export interface TrainingRequest {
  /** Folder of the bundle to go on from. */
  readonly start: string | null;
  readonly budget: Budget;
  readonly out: string;
  readonly name: string;
  readonly validationSamples: number;
  readonly tolerance: number;
  readonly device: DeviceRequest;
  /** Of the phases after the backbone's; the backbone has one for each part of a batch. */
  readonly threads: number;
  readonly workers: number;
}

/** What commander makes of the options of {@link trainingCommand}. */
export interface TrainingFlags extends Recipe, Omit<TrainingRequest, 'budget' | 'start' | 'validationSamples'> {
  readonly hours: number;
  readonly steps?: number;
  readonly start?: string;
  readonly valSamples: number;
}

/** What options are when nobody gives them, and what samples are called. */
export interface TrainingDefaults
  extends Pick<
    Recipe,
    'size' | 'patch' | 'dim' | 'blocks' | 'heads' | 'interpreterHeads' | 'batch' | 'policyTime' | 'fineTuneTime'
  > {
  /** `motions`: the second half of the command's name. */
  readonly data: string;
  /** What a bundle is called. */
  readonly name: string;
  /** `clips`. */
  readonly unit: string;
  readonly hours: number;
}

/** `flags` without a recipe, and what is left of them: the recipe. */
export function requestOf<Flags extends TrainingFlags>(flags: Flags) {
  const { hours, steps, start = null, out, name, valSamples, tolerance, device, threads, workers, ...recipe } = flags;
  const budget: Budget = steps === undefined ? { hours } : { steps };
  const request = { start, budget, out, name, validationSamples: valSamples, tolerance, device, threads, workers };
  return { recipe, request: request satisfies TrainingRequest };
}

/** `npm run train:…` with the options that all of them have. */
export function trainingCommand(description: string, defaults: TrainingDefaults): Command {
  const { data, name, unit, hours } = defaults;
  const [whole, rate, weight] = [wholeNumber(1), numberBetween(0, 1), numberBetween(0, 1000)];
  const rewards: readonly RewardShape[] = ['squared', 'linear'];
  return new Command(`train:${data}`)
    .description(description)
    .option('--hours <h>', 'how long to train, about', numberBetween(0.001, 10_000), hours)
    .addOption(new Option('--steps <n>', 'how many steps instead').argParser(whole).conflicts('hours'))
    .option('--out <dir>', 'where the training is kept and the bundle is written', `.cache/train-${data}`)
    .option('--name <name>', 'what the bundle is called', name)
    .option('--size <px>', 'side of a picture', wholeNumber(16), defaults.size)
    .option('--patch <px>', 'side of a patch', whole, defaults.patch)
    .option('--dim <n>', 'width', whole, defaults.dim)
    .option('--blocks <n>', 'blocks', whole, defaults.blocks)
    .option('--heads <n>', 'attention heads', whole, defaults.heads)
    .option('--interpreter-heads <n>', 'heads of the interpreter', whole, defaults.interpreterHeads)
    .option('--batch <n>', `${unit} of a step`, whole, defaults.batch)
    .option('--replicas <n>', 'equal parts of a batch that are computed at the same time', whole, 2)
    .option('--samples <n>', `different training ${unit}`, whole, 1_000_000)
    .option('--policy-time <t>', 'time of the policy phases, where the backbone takes 0.8', rate, defaults.policyTime)
    .option('--fine-tune-time <t>', 'time of the fine-tune phases, likewise', rate, defaults.fineTuneTime)
    .option('--whole-share <s>', 'share of what fine-tune phases show with all patches; one group only', rate, 0.5)
    .option('--learning-rate <r>', 'peak, of the backbone', rate, 2e-3)
    .option('--policy-learning-rate <r>', 'peak, of the interpreter; REINFORCE wants less, 5e-4', rate, 3e-3)
    .option('--fine-tune-learning-rate <r>', 'peak, of the blocks in the fine-tune phases', rate, 2e-4)
    .addOption(
      new Option('--estimator <kind>', 'how the interpreter learns').choices(['reinforce', 'gumbel']).default('gumbel'),
    )
    .addOption(new Option('--reward <shape>', 'how dropped patches are rewarded').choices(rewards).default('squared'))
    .option('--tau <t>', 'price of a wrong answer', numberBetween(0, 100), 1)
    .option('--label-smoothing <s>', 'share of the target that is spread over all classes', rate, 0.1)
    .option('--region-weight <w>', 'how much it counts what patches show, read from the last tokens', weight, 30)
    .option('--early-region-weight <w>', 'how much it counts, read before the first block', weight, 10)
    .option('--token-class-weight <w>', 'how much the class counts that each token tells', weight, 0.5)
    .option('--start <bundle>', 'a bundle to go on from instead of from random weights')
    .option(
      '--first-stage <n>',
      'stage to begin with: 1 the figure, 2 its surroundings, 3 everything, 4 selection',
      whole,
      1,
    )
    .option('--seed <n>', 'decides about all chance', wholeNumber(0), 1)
    .option('--val-samples <n>', `${unit} that the result is judged by`, whole, 1260)
    .option(
      '--tolerance <share>',
      'so much accuracy may be lost by dropping patches: the threshold is lowered until it is not more',
      rate,
      0.006,
    )
    .addOption(new Option('--device <name>').choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'))
    .option('--threads <n>', 'threads of the CPU', whole, availableParallelism())
    .option('--workers <n>', `threads that draw ${unit}`, whole, 1)
    .exitOverride();
}
