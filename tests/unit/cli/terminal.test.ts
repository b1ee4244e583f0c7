import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { Terminal } from '#cli/terminal/terminal.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** A pipe to a program that reads so much and is gone then. */
class Reader extends Writable {
  read = '';
  readonly #most: number;

  constructor(most: number) {
    super({ highWaterMark: 1024 });
    this.#most = most;
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.read += chunk.toString();
    setImmediate(() => done(this.read.length < this.#most ? undefined : Object.assign(new Error(), { code: 'EPIPE' })));
  }
}
const TEXT = 'line\n'.repeat(100_000);

test('a file is printed whole, and more can be printed behind it', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'a.txt'), TEXT);
  const reader = new Reader(Number.POSITIVE_INFINITY);
  const terminal = new Terminal(reader, new Reader(1));
  await terminal.printFile(join(folder.path, 'a.txt'));
  terminal.print('the end');
  await expect.poll(() => reader.read.length).toBe(TEXT.length + 'the end\n'.length);
  expect(reader.read).toBe(`${TEXT}the end\n`);
});

test('a reader that has seen enough is no failure, a file that is not there is', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'a.txt'), TEXT);
  const reader = new Reader(100_000);
  await new Terminal(reader, new Reader(1)).printFile(join(folder.path, 'a.txt'));
  expect(reader.read.length).toBeLessThan(TEXT.length);
  const other = new Terminal(new Reader(1), new Reader(1));
  await expect(other.printFile(join(folder.path, 'b.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
});
