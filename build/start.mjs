/**
 * `npm start`: opens Patchlight in a window, or in a browser where Electron is not here. Arguments are videos, or an
 * image, to open: `npm start -- my-video.mp4`. With `--browser` it is the browser in any case.
 */

import { join, resolve } from 'node:path';
import { electronProgram, getElectron } from './set-up/electron.mjs';
import { orExplain, projectNode, root, runCommand, SetUpError } from './set-up/run-command.mjs';
import { setUp } from './set-up.mjs';

await orExplain(async () => {
  await setUp({ forTests: false });
  const given = process.argv.slice(2);
  const options = given.filter((arg) => arg.startsWith('-'));
  const unknown = options.find((option) => option !== '--browser');
  if (unknown) throw new SetUpError(`npm start does not know ${unknown}. It takes videos or an image, and --browser.`);
  // npm runs scripts in the repository's folder, wherever it was called.
  const from = process.env.INIT_CWD ?? process.cwd();
  const files = given.filter((arg) => !arg.startsWith('-')).map((file) => resolve(from, file));

  const electron = electronProgram();
  if (electron && !options.includes('--browser')) {
    await build('build-desktop.ts');
    return runCommand(electron, [join(root, 'dist', 'desktop'), ...files]);
  }
  if (!electron && !options.includes('--browser')) {
    console.error(
      `Electron is not installed, so Patchlight opens in your browser. For a window of its own: ${getElectron}`,
    );
  }
  await build('build-renderer.ts');
  return runCommand(projectNode, [join(root, 'electron', 'cli', 'main.ts'), 'serve', '--open', ...files]);
});

async function build(script) {
  if ((await runCommand(projectNode, [join(root, 'build', script)], { stdout: 2 })) === 0) return;
  throw new SetUpError('Patchlight could not be built; the reason is above.');
}
