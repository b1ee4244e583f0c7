import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultKey } from './result-store.ts';

/** How much may be kept. */
export interface ResultLimits {
  readonly results: number;
  readonly bytes: number;
}

export interface StoredResult {
  readonly key: ResultKey;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** All results in a folder, whole or in part. */
export async function storedResults(folder: string): Promise<StoredResult[]> {
  const stored: StoredResult[] = [];
  for (const content of await namesIn(folder)) {
    for (const result of (await namesIn(join(folder, content))).filter(isResultId)) {
      const place = join(folder, content, result);
      const facts = await stat(place).catch(() => null);
      if (facts === null) continue;
      let bytes = 0;
      for (const name of await namesIn(place)) bytes += (await stat(join(place, name)).catch(() => null))?.size ?? 0;
      stored.push({ key: { content, result }, bytes, usedAt: facts.mtimeMs });
    }
  }
  return stored;
}

/**
 * What has to go so that the rest keeps within the limits: what was not used for longest, but nothing that is needed, and not
 * the latest one, however large it is.
 */
export function surplusResults(
  stored: readonly StoredResult[],
  limits: ResultLimits,
  isNeeded: (key: ResultKey) => boolean,
): ResultKey[] {
  const latestFirst = [...stored].sort((a, b) => b.usedAt - a.usedAt);
  const surplus: ResultKey[] = [];
  let results = 0;
  let bytes = 0;
  // What is needed takes its room first.
  for (const one of latestFirst.filter(({ key }) => isNeeded(key))) {
    results += 1;
    bytes += one.bytes;
  }
  for (const [place, one] of latestFirst.entries()) {
    if (isNeeded(one.key)) continue;
    const fits = results + 1 <= limits.results && bytes + one.bytes <= limits.bytes;
    if (!fits && place > 0) surplus.push(one.key);
    else {
      results += 1;
      bytes += one.bytes;
    }
  }
  return surplus;
}

export function isResultId(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name);
}

/** Empty where there is no such folder yet. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
