/**
 * `npm run train:shapes`: trains the image model that comes with Patchlight, and writes it as a bundle.
 * Whatever interrupts it, the same command goes on: `npm run train:shapes -- --hours 2 --out DIR`.
 */

import { runResumable } from './resumable-command.ts';
import { parseOptions } from './train-shapes/options.ts';
import { shapesCourse } from './train-shapes/shapes-course.ts';
import { runTraining } from './training/run-training.ts';

await runResumable((args, terminal, signal) => {
  const { recipe, request } = parseOptions(args);
  return runTraining(shapesCourse(recipe), request, terminal, signal);
});
