import { Option } from 'commander';
import { wholeNumber } from '#cli/commands/options.ts';
import { requestOf, type TrainingFlags, type TrainingRequest, trainingCommand } from '../training/options.ts';
import type { ShapesRecipe } from './shapes-course.ts';

interface Flags extends TrainingFlags {
  readonly attention: 'full' | 'linformer';
  readonly mixtures: number;
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
  )
    .option('--groups <n>', 'groups of blocks, with an interpreter before each; 0: no selection', wholeNumber(0), 3)
    .addOption(
      new Option('--attention <type>', 'linformer: to mixtures of all tokens, without selection')
        .choices(['full', 'linformer'])
        .default('full'),
    )
    .option('--mixtures <n>', 'how many with --attention linformer', wholeNumber(1), 16);
  return requestOf(command.parse(args, { from: 'user' }).opts<Flags>());
}
