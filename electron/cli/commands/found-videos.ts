import { findVideos } from '#engine/batch/find-videos.ts';
import type { Receipts } from '#engine/batch/receipts.ts';

/** A video of the command line, or an argument that stands for none. */
export interface FoundVideo {
  readonly path: string;
  readonly failure: unknown;
}

/**
 * The videos that arguments stand for, each once. What was exported into a folder earlier is no video of that folder.
 */
export async function foundVideos(args: readonly string[], receipts: Receipts): Promise<FoundVideo[]> {
  const found = new Map<string, FoundVideo>();
  for (const argument of args) {
    try {
      const paths = await findVideos(argument);
      for (const path of paths) {
        if (paths.length > 1 && (await receipts.isOurs(path))) continue;
        if (!found.has(path)) found.set(path, { path, failure: null });
      }
    } catch (failure) {
      found.set(argument, { path: argument, failure });
    }
  }
  return [...found.values()];
}
