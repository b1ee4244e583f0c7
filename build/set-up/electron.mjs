import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-command.mjs';

/** How to get it: its package comes without the program, which is fetched from GitHub. */
export const getElectron = 'npx install-electron   (about 120 MB from github.com)';

/**
 * Where Electron's program is; undefined where it was not fetched. Asking the package itself would fetch it, without a word
 * before.
 */
export function electronProgram() {
  const place = join(root, 'node_modules', 'electron');
  try {
    const name = readFileSync(join(place, 'path.txt'), 'utf8').trim();
    const program = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(place, 'dist'), name);
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}
