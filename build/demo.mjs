/**
 * `npm run demo`: analyses the sample video with the bundle that comes with Patchlight. Arguments go to `analyze`:
 * `npm run demo -- --keep 0.3`.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orExplain, projectNode, root, runCommand } from './set-up/run-command.mjs';
import { setUp } from './set-up.mjs';

const video = join(root, 'build', 'sample', 'moving-figures.mp4');
const bundle = join(root, 'native-models', 'bundles', 'untrained-tiny');

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
  if (!names('--keep', '--threshold', '--selector')) args.push('--keep', '0.5');
  return runCommand(projectNode, [join(root, 'electron', 'cli', 'main.ts'), ...args, ...given]);
});

/** On stderr, so that `--json -` stays one document on stdout. */
function introduce() {
  const { trained } = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
  console.error('The sample: moving figures, drawn by this project.');
  if (!trained) {
    console.error(
      'The model that comes with it is UNTRAINED: random weights, predictions without meaning. What is real here:',
    );
    console.error('decoding, both graphs, the choice of patches, and the time and computation they take.');
  }
  console.error('');
}
