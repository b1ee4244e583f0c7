import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeValue, encodeValue } from '#contract/rpc/value-codec.ts';
import { type RecordedClip, recordedClipSchema } from './recorded-clip.ts';

const MAGIC = Buffer.from('PLCLIPS1');
/** Length and CRC-32 of a record's bytes, both 32 bits, little-endian. */
const HEAD_BYTES = 8;
/** No clip has more: three views of a few thousand tokens and classes. */
const MOST_BYTES = 64 * 2 ** 20;

/** Why a log cannot be used. */
export class DamagedLog extends Error {}

/**
 * The clips of one analysis, in the order in which they were finished, in a file that only grows. A program that is killed
 * while it writes loses at most the record that it was writing.
 */
export class ClipLog implements AsyncDisposable {
  readonly #file: FileHandle;
  /** Where each record's bytes lie. */
  readonly #records: { readonly offset: number; readonly length: number }[] = [];
  #end = MAGIC.length;
  #appending: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Opens or begins a log. Half a record at its end is cut off.
   *
   * @throws DamagedLog when what is there is no log, or damaged before its end.
   */
  static async open(path: string): Promise<ClipLog> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, constants.O_RDWR | constants.O_CREAT);
    try {
      const log = new ClipLog(file);
      await log.#scan();
      return log;
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  /**
   * How many whole records a log has; nothing in it is changed.
   *
   * @throws DamagedLog, and what the file system throws when there is none.
   */
  static async countIn(path: string): Promise<number> {
    await using file = await open(path, constants.O_RDONLY);
    const log = new ClipLog(file);
    await log.#read((await file.stat()).size);
    return log.count;
  }

  get count(): number {
    return this.#records.length;
  }

  /** Fulfilled when the record has been handed to the system. */
  append(clip: RecordedClip): Promise<void> {
    const body = encodeValue(clip);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(body.length, 0);
    head.writeUInt32LE(crc32(body), 4);
    // One after another, so that a record never begins before the one before it ends.
    this.#appending = this.#appending.then(async () => {
      await this.#write(Buffer.concat([head, body]), this.#end);
      this.#records.push({ offset: this.#end + HEAD_BYTES, length: body.length });
      this.#end += HEAD_BYTES + body.length;
    });
    return this.#appending;
  }

  /** Forgets all records. */
  async clear(): Promise<void> {
    await this.#appending;
    await this.#file.truncate(MAGIC.length);
    this.#records.length = 0;
    this.#end = MAGIC.length;
  }

  async read(record: number): Promise<RecordedClip> {
    const place = this.#records[record];
    if (place === undefined) throw new RangeError(`There is no record ${record} in a log of ${this.count}.`);
    return recordedClipSchema.parse(decodeValue(await this.#bytes(place.offset, place.length)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#appending.catch(() => {});
    await this.#file.close();
  }

  async #scan(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size < MAGIC.length) {
      await this.#write(MAGIC, 0);
      await this.#file.truncate(MAGIC.length);
      return;
    }
    await this.#read(size);
    if (this.#end < size) await this.#file.truncate(this.#end);
  }

  /** Finds the records in the first `size` bytes, up to half a one. */
  async #read(size: number): Promise<void> {
    if (!MAGIC.equals(await this.#bytes(0, MAGIC.length))) throw new DamagedLog('it is no list of clips');
    while (this.#end < size) {
      const length = await this.#checkRecord(size);
      if (length === null) return;
      this.#records.push({ offset: this.#end + HEAD_BYTES, length });
      this.#end += HEAD_BYTES + length;
    }
  }

  /** The length of the record at the end of what is known to be good; null when the file breaks off inside of it. */
  async #checkRecord(size: number): Promise<number | null> {
    if (this.#end + HEAD_BYTES > size) return null;
    const head = Buffer.from(await this.#bytes(this.#end, HEAD_BYTES));
    const length = head.readUInt32LE(0);
    if (length > MOST_BYTES) throw new DamagedLog(`record ${this.count} claims ${length} bytes`);
    if (this.#end + HEAD_BYTES + length > size) return null;
    const body = await this.#bytes(this.#end + HEAD_BYTES, length);
    if (length > 0 && crc32(body) === head.readUInt32LE(4)) return length;
    // After a power cut the last record may have its place without its content.
    if (length === 0 || this.#end + HEAD_BYTES + length === size) return null;
    throw new DamagedLog(`record ${this.count} is not what was written`);
  }

  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(buffer, 0, length, offset);
    if (bytesRead < length) throw new DamagedLog('it became shorter');
    return buffer;
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      done += (await this.#file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
  }
}
