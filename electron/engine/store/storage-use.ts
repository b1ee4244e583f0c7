import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoragePart, StorageUse } from '#contract/storage.ts';

/** What lies directly in the data folder; whatever is not named is `other`. */
const PARTS: Readonly<Record<string, StoragePart>> = {
  results: 'results',
  previews: 'previews',
  models: 'models',
  fetches: 'fetches',
  batch: 'batch',
  downloads: 'exchange',
  uploads: 'exchange',
};

/** How many bytes the files of each part have. Links count as themselves; what vanishes meanwhile does not count. */
export async function storageUse(folder: string, signal?: AbortSignal): Promise<StorageUse> {
  const bytes = { results: 0, previews: 0, models: 0, fetches: 0, batch: 0, exchange: 0, other: 0 };
  for (const name of await namesIn(folder)) bytes[PARTS[name] ?? 'other'] += await bytesOf(join(folder, name), signal);
  return { folder, bytes };
}

async function bytesOf(path: string, signal?: AbortSignal): Promise<number> {
  signal?.throwIfAborted();
  const info = await lstat(path).catch(() => null);
  if (info === null) return 0;
  if (!info.isDirectory()) return info.size;
  let sum = 0;
  for (const name of await namesIn(path)) sum += await bytesOf(join(path, name), signal);
  return sum;
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
