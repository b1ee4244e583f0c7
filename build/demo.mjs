/**
 * `npm run demo`: analyses a sample video with the model that comes with Patchlight. Arguments go to `analyze`:
 * `npm run demo -- --keep 0.3`.
 */

import { join } from 'node:path';
import { orExplain, projectNode, root, runCommand } from './set-up/run-command.mjs';
import { setUp } from './set-up.mjs';

const video = join(root, 'build', 'sample', 'one-after-another.mp4');
const bundle = join(root, 'native-models', 'bundles', 'motions-tiny');

await orExplain(async () => {
  await setUp({ forTests: false });
  const given = process.argv.slice(2);
  const names = (...options) => given.some((arg) => options.includes(arg.split('=', 1)[0]));
  const args = ['analyze', video];
  if (!names('--model')) {
    args.push('--model', bundle);
    introduce();
  }
  if (!names('--views')) args.push('--views', '3');
  return runCommand(projectNode, [join(root, 'electron', 'cli', 'main.ts'), ...args, ...given]);
});

/** On stderr, so that `--json -` stays one document on stdout. */
function introduce() {
  console.error(
    'The sample: a person who walks, waves, does a jumping jack, squats, kicks and sits down, drawn by this project.',
  );
  console.error(
    'The model knows 18 actions of such figures, and nothing else. It drops the patches that matter little.',
  );
  console.error('');
}
