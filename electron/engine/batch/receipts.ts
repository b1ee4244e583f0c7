import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../store/write-atomically.ts';

const entrySchema = z.object({
  /** The video that it was made of. */
  source: z.string(),
  /** Names everything that the file's content depends on. */
  key: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
});
type Entry = z.infer<typeof entrySchema>;

const receiptSchema = z.object({
  version: z.literal(1),
  target: z.string(),
  /** The latest first; the one before stays until the new file is in its place. */
  files: z.array(entrySchema).max(2),
});

/** A file by which it is known again. */
export type FileStamp = Pick<Entry, 'bytes' | 'modifiedMs'>;

/**
 * How a target stands: not there; there and as it would be made now; there, made of the same video with other settings and
 * not touched since; or there and somebody else's.
 */
export type TargetState = 'missing' | 'current' | 'outdated' | 'foreign';

/** What was exported where, so that the same command does only what is missing or changed. A file for each target. */
export class Receipts {
  readonly #folder: string;
  /** Those that were of use here. */
  readonly #used = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async stateOf(target: string, source: string, key: string): Promise<TargetState> {
    const stamp = await stampOf(target);
    if (stamp === null) return 'missing';
    const entry = await this.#entry(target, stamp);
    if (entry?.source !== source) return 'foreign';
    return entry.key === key ? 'current' : 'outdated';
  }

  /** Whether a file was written here and not touched since: then it is no video to be analysed. */
  async isOurs(path: string): Promise<boolean> {
    const stamp = await stampOf(path);
    return stamp !== null && (await this.#entry(path, stamp)) !== undefined;
  }

  /** To be called before a file that is whole is put in its place: a program may be killed at any moment. */
  async note(target: string, source: string, key: string, { bytes, modifiedMs }: FileStamp): Promise<void> {
    const stamp = await stampOf(target);
    const before = stamp === null ? undefined : await this.#entry(target, stamp);
    const files = [{ source, key, bytes, modifiedMs }, ...(before === undefined ? [] : [before])];
    this.#used.add(this.#place(target));
    await writeAtomically(this.#place(target), JSON.stringify({ version: 1, target, files }));
  }

  /** Deletes the oldest of more than `most`; none that was of use here. Their files count as somebody else's from then on. */
  async prune(most: number): Promise<void> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    if (names.length <= most) return;
    const found: { readonly path: string; readonly writtenAt: number }[] = [];
    for (const path of names.map((name) => join(this.#folder, name))) {
      const facts = this.#used.has(path) ? null : await stat(path).catch(() => null);
      if (facts !== null) found.push({ path, writtenAt: facts.mtimeMs });
    }
    const oldestFirst = found.sort((a, b) => a.writtenAt - b.writtenAt);
    for (const { path } of oldestFirst.slice(0, names.length - most)) await rm(path, { force: true }).catch(() => {});
  }

  /** What is known of the file that is at `target` now. */
  async #entry(target: string, { bytes, modifiedMs }: FileStamp): Promise<Entry | undefined> {
    try {
      const place = this.#place(target);
      const receipt = receiptSchema.parse(JSON.parse(await readFile(place, 'utf8')));
      this.#used.add(place);
      if (receipt.target !== target) return undefined;
      return receipt.files.find((entry) => entry.bytes === bytes && entry.modifiedMs === modifiedMs);
    } catch {
      // Without a receipt a file is treated as somebody else's, which harms nothing.
      return undefined;
    }
  }

  #place(target: string): string {
    return join(this.#folder, `${createHash('sha256').update(target).digest('hex').slice(0, 32)}.json`);
  }
}

async function stampOf(path: string): Promise<FileStamp | null> {
  const info = await stat(path).catch(() => null);
  return info === null ? null : { bytes: info.size, modifiedMs: info.mtimeMs };
}

/** A key that is the same for the same parts. */
export function receiptKey(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
