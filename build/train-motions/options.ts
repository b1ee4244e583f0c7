import { Option } from 'commander';
import { wholeNumber } from '#cli/commands/options.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import { requestOf, type TrainingFlags, type TrainingRequest, trainingCommand } from '../training/options.ts';
import type { MotionsRecipe } from './motions-course.ts';

interface Flags extends TrainingFlags {
  readonly attention: 'joint' | 'divided';
  readonly frames: number;
  readonly interpreter: MotionsRecipe['interpreter'];
  readonly rounds: number;
}

const ATTENTION: Record<Flags['attention'], AttentionType> = {
  joint: 'joint_space_time',
  divided: 'divided_space_time',
};

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): {
  readonly recipe: MotionsRecipe;
  readonly request: TrainingRequest;
} {
  const command = trainingCommand(
    'Trains a model on drawn figures and writes it as a bundle. A training that was interrupted goes on.',
    {
      data: 'motions',
      name: 'motions-tiny',
      unit: 'clips',
      hours: 10,
      size: 128,
      patch: 16,
      dim: 128,
      blocks: 6,
      heads: 4,
      interpreterHeads: 8,
      batch: 32,
      policyTime: 0.1,
      fineTuneTime: 0.1,
    },
  )
    .addOption(new Option('--attention <type>').choices(['joint', 'divided']).default('joint'))
    .option('--frames <n>', 'frames of a clip', wholeNumber(1), 8)
    .addOption(
      new Option('--interpreter <kind>', 'what it sees; none: no selection is learnt')
        .choices(['token', 'motion-aware', 'none'])
        .default('motion-aware'),
    )
    .option('--rounds <n>', 'turns of policy and fine-tune phase', wholeNumber(1), 2);
  const { recipe, request } = requestOf(command.parse(args, { from: 'user' }).opts<Flags>());
  return { recipe: { ...recipe, attention: ATTENTION[recipe.attention] }, request };
}
