import type { FileHandle } from 'node:fs/promises';
import { CheckpointInvalidError } from '#contract/errors.ts';
import { readExactly } from './read-tensor.ts';

/**
 * Where the entries of a zip archive lie in its file: just what torch archives use of the format, which is stored
 * (uncompressed) entries, so that tensors can be read in place. Field offsets: APPNOTE.TXT 6.3, sections 4.3 and 4.5.
 */

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 0x0001;

const MAX_COMMENT_BYTES = 0xffff;
const MAX_DIRECTORY_BYTES = 32 * 2 ** 20;
const MAX_ENTRIES = 100_000;

interface CentralEntry {
  readonly name: string;
  readonly bytes: number;
  readonly localOffset: number;
  /** Why it cannot be read in place, if so. Other entries may still be. */
  readonly obstacle: 'encrypted' | 'compressed' | null;
}

/** A part of the file. */
export interface ByteRange {
  readonly byteOffset: number;
  readonly byteLength: number;
}

export class ZipDirectory {
  readonly #handle: FileHandle;
  readonly #entries: ReadonlyMap<string, CentralEntry>;
  /** Where each entry has to end: the beginning of the next one, or of the directory. */
  readonly #limits: ReadonlyMap<string, number>;

  private constructor(handle: FileHandle, entries: readonly CentralEntry[], directoryStart: number) {
    this.#handle = handle;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    const inOrder = [...entries].sort((a, b) => a.localOffset - b.localOffset);
    this.#limits = new Map(inOrder.map(({ name }, i) => [name, inOrder[i + 1]?.localOffset ?? directoryStart]));
  }

  /**
   * Reads the directory at the end of the archive.
   *
   * @throws CheckpointInvalidError when the archive is damaged or names paths outside of it.
   */
  static async read(handle: FileHandle): Promise<ZipDirectory> {
    const { size } = await handle.stat();
    const { start, bytes, count } = await findDirectory(handle, size);
    if (bytes > MAX_DIRECTORY_BYTES || count > MAX_ENTRIES) invalid(`has a directory of ${count} entries`);
    const directory = Buffer.alloc(bytes);
    await readExactly(handle, directory, start);
    const entries = new Map<string, CentralEntry>();
    let at = 0;
    for (let i = 0; i < count; i++) {
      const { entry, next } = readCentralEntry(directory, at);
      if (entries.has(entry.name)) invalid(`has "${entry.name}" twice`);
      if (entry.localOffset + LOCAL_BYTES + entry.bytes > start) invalid(`has no room for "${entry.name}"`);
      entries.set(entry.name, entry);
      at = next;
    }
    return new ZipDirectory(handle, [...entries.values()], start);
  }

  get names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** Bytes that the entry takes, or `undefined` when there is no such entry. */
  bytesOf(name: string): number | undefined {
    return this.#entries.get(name)?.bytes;
  }

  /**
   * Where the content of an entry lies.
   *
   * @throws CheckpointInvalidError when there is no such entry, or it is compressed, encrypted, or overlaps another one.
   */
  async locate(name: string): Promise<ByteRange> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return invalid(`has no "${name}"`);
    if (entry.obstacle !== null) invalid(`has "${name}" ${entry.obstacle}, which PyTorch never does`);
    const local = Buffer.alloc(LOCAL_BYTES);
    await readExactly(this.#handle, local, entry.localOffset);
    if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) invalid(`does not have "${name}" where its directory says`);
    const byteOffset = entry.localOffset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (byteOffset + entry.bytes > (this.#limits.get(name) ?? 0)) invalid(`lets "${name}" overlap another entry`);
    return { byteOffset, byteLength: entry.bytes };
  }

  /** The content of a small entry. */
  async read(name: string, maxBytes: number): Promise<Buffer> {
    const { byteOffset, byteLength } = await this.locate(name);
    if (byteLength > maxBytes) invalid(`has ${byteLength} bytes in "${name}", where at most ${maxBytes} make sense`);
    const content = Buffer.alloc(byteLength);
    await readExactly(this.#handle, content, byteOffset);
    return content;
  }
}

async function findDirectory(
  handle: FileHandle,
  size: number,
): Promise<{ start: number; bytes: number; count: number }> {
  const tail = Buffer.alloc(Math.min(size, END_BYTES + MAX_COMMENT_BYTES));
  await readExactly(handle, tail, size - tail.length);
  let at = tail.length - END_BYTES;
  while (
    at >= 0 &&
    !(tail.readUInt32LE(at) === END_SIGNATURE && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length)
  ) {
    at--;
  }
  if (at < 0) invalid('has no zip directory at its end');
  const end = size - tail.length + at;
  const count = tail.readUInt16LE(at + 10);
  const bytes = tail.readUInt32LE(at + 12);
  const start = tail.readUInt32LE(at + 16);
  // A field that is full says that the real value is in the 64-bit record.
  const found =
    count === 0xffff || bytes === 0xffffffff || start === 0xffffffff
      ? await findZip64Directory(handle, end)
      : { start, bytes, count };
  if (found.start + found.bytes > end || found.count * CENTRAL_BYTES > found.bytes) {
    invalid('has a directory that does not fit into it');
  }
  return found;
}

async function findZip64Directory(handle: FileHandle, end: number) {
  if (end < ZIP64_LOCATOR_BYTES) invalid('has no room for its 64-bit directory');
  const locator = Buffer.alloc(ZIP64_LOCATOR_BYTES);
  await readExactly(handle, locator, end - ZIP64_LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== ZIP64_LOCATOR_SIGNATURE) invalid('does not say where its 64-bit directory is');
  const recordOffset = uint64(locator, 8);
  if (recordOffset + ZIP64_END_BYTES > end) invalid('has a directory that does not fit into it');
  const record = Buffer.alloc(ZIP64_END_BYTES);
  await readExactly(handle, record, recordOffset);
  if (record.readUInt32LE(0) !== ZIP64_END_SIGNATURE) invalid('does not have its 64-bit directory where it says');
  return { count: uint64(record, 32), bytes: uint64(record, 40), start: uint64(record, 48) };
}

function readCentralEntry(directory: Buffer, at: number): { entry: CentralEntry; next: number } {
  if (at + CENTRAL_BYTES > directory.length || directory.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
    invalid('has a damaged directory');
  }
  const nameEnd = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const next = extraEnd + directory.readUInt16LE(at + 32);
  if (next > directory.length) invalid('has a damaged directory');
  const name = directory.toString('utf8', at + CENTRAL_BYTES, nameEnd);
  checkName(name);
  const encrypted = (directory.readUInt16LE(at + 8) & 1) !== 0;
  const compressed = directory.readUInt16LE(at + 10) !== 0;
  const obstacle = encrypted ? 'encrypted' : compressed ? 'compressed' : null;

  // The extra field holds, in this order, those of the three values that do not fit their 32 bits.
  const wide = new WideFields(directory, nameEnd, extraEnd);
  const bytes = wide.orElse(directory.readUInt32LE(at + 24));
  const stored = wide.orElse(directory.readUInt32LE(at + 20));
  const localOffset = wide.orElse(directory.readUInt32LE(at + 42));
  if (obstacle === null && bytes !== stored) invalid(`has two sizes for "${name}"`);
  return { entry: { name, bytes: stored, localOffset, obstacle }, next };
}

class WideFields {
  readonly #field: Buffer;
  #at = 0;

  constructor(directory: Buffer, start: number, end: number) {
    let field = directory.subarray(0, 0);
    for (let at = start; at + 4 <= end; at += 4 + directory.readUInt16LE(at + 2)) {
      if (directory.readUInt16LE(at) !== ZIP64_EXTRA) continue;
      field = directory.subarray(at + 4, Math.min(at + 4 + directory.readUInt16LE(at + 2), end));
      break;
    }
    this.#field = field;
  }

  orElse(narrow: number): number {
    if (narrow !== 0xffffffff) return narrow;
    if (this.#at + 8 > this.#field.length) invalid('has a damaged 64-bit entry');
    const value = uint64(this.#field, this.#at);
    this.#at += 8;
    return value;
  }
}

function uint64(bytes: Buffer, at: number): number {
  const value = Number(bytes.readBigUInt64LE(at));
  return Number.isSafeInteger(value) ? value : invalid('has an impossible size in its directory');
}

function checkName(name: string): void {
  const parts = name.split('/');
  const escapes = name.includes('\\') || name.includes('\0') || parts.includes('..') || name.startsWith('/');
  if (escapes || /^[a-z]:/i.test(name)) invalid(`names a path outside of it: "${name}"`);
}

function invalid(reason: string): never {
  throw new CheckpointInvalidError(`The archive ${reason}.`, {
    hint: 'Download or copy the checkpoint again: it is damaged or not what its name says.',
  });
}
