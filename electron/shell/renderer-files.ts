import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RendererMissingError } from '#contract/errors.ts';

/** Where `npm run build:renderer` puts the page. */
const RENDERER_FOLDER = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));

/**
 * The files of the built page by their addresses, such as `/assets/index-4f3a.js`. An address that is not in this list leads
 * nowhere, however it is spelt.
 *
 * @throws RendererMissingError when the page was not built
 */
export async function rendererFiles(folder: string = RENDERER_FOLDER): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(`/${path.slice(join(folder, sep).length).split(sep).join('/')}`, path);
  }
  const index = files.get('/index.html');
  if (index === undefined) {
    throw new RendererMissingError("The window's page has not been built.", {
      hint: 'Build it once: npm run build:renderer',
      detail: `There is no index.html in ${folder}.`,
    });
  }
  return files.set('/', index);
}
