import { wholeNumber } from '#cli/commands/options.ts';
import { requestOf, type TrainingFlags, type TrainingRequest, trainingCommand } from '../training/options.ts';
import type { ShapesRecipe } from './shapes-course.ts';

interface Flags extends TrainingFlags {
  readonly groups: number;
}

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): {
  readonly recipe: ShapesRecipe;
  readonly request: TrainingRequest;
} {
  const command = trainingCommand(
    'Trains a model on drawn shapes and writes it as a bundle. A training that was interrupted goes on.',
    {
      data: 'shapes',
      name: 'shapes-deit-tiny',
      unit: 'images',
      hours: 2,
      size: 112,
      patch: 8,
      dim: 96,
      blocks: 12,
      heads: 3,
      interpreterHeads: 6,
      batch: 32,
      policyTime: 0.15,
      fineTuneTime: 0.25,
    },
  ).option('--groups <n>', 'groups of blocks, with an interpreter before each', wholeNumber(1), 3);
  return requestOf(command.parse(args, { from: 'user' }).opts<Flags>());
}
