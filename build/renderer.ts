import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the built page is. */
export const BUILT_RENDERER = join(root, 'dist', 'renderer');

/** Builds the page with Vite, unless what is there is newer than everything that it is made of. */
export async function buildRenderer(): Promise<void> {
  const built = newest([join(BUILT_RENDERER, 'index.html')]);
  const sources = newest(
    ['renderer', join('electron', 'contract'), join('build', 'third-party'), 'package-lock.json'].map((path) =>
      join(root, path),
    ),
  );
  if (built > sources) return;
  await build({ configFile: join(root, 'renderer', 'vite.config.ts'), logLevel: 'warn' });
}

/** When the youngest of some files, or of the files in some folders, was changed; 0 when there is none. */
function newest(paths: readonly string[]): number {
  const times = paths.map((path) => {
    const info = statSync(path, { throwIfNoEntry: false });
    if (info === undefined) return 0;
    return info.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : info.mtimeMs;
  });
  return Math.max(0, ...times);
}
