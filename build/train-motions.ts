/**
 * `npm run train:motions`: trains the video model that comes with Patchlight, hours long, and writes it as a bundle.
 * Whatever interrupts it, the same command goes on: `npm run train:motions -- --hours 12 --out DIR`.
 */

import { runResumable } from './resumable-command.ts';
import { motionsCourse } from './train-motions/motions-course.ts';
import { parseOptions } from './train-motions/options.ts';
import { runTraining } from './training/run-training.ts';

await runResumable((args, terminal, signal) => {
  const { recipe, request } = parseOptions(args);
  return runTraining(motionsCourse(recipe), request, terminal, signal);
});
