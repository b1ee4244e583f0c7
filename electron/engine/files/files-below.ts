import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of the wanted files in a folder and in all folders below it, in order. Links and what is hidden are not followed. */
export async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path, isWanted)));
    else if (entry.isFile() && isWanted(entry.name)) found.push(path);
  }
  return found;
}
