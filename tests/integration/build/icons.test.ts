import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIcons } from '../../../build/packages/icons.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await buildIcons(folder.path);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** Width and height, as a PNG says them. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** Whether a pixel of a PNG is opaque. */
async function isOpaque(png: Buffer, x: number, y: number): Promise<boolean> {
  const path = join(folder.path, 'one.png');
  await writeFile(path, png);
  const [width] = sizeOf(png);
  const output = ['-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'];
  const { stdout } = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', path, ...output], {
    encoding: 'buffer',
    maxBuffer: 2 ** 24,
  });
  return stdout[(y * width + x) * 4 + 3] === 255;
}

test('Linux gets a picture of every size', async () => {
  for (const name of await readdir(join(folder.path, 'linux'))) {
    const side = Number.parseInt(name, 10);
    expect(name).toBe(`${side}x${side}.png`);
    expect(sizeOf(await readFile(join(folder.path, 'linux', name)))).toEqual([side, side]);
  }
  expect(await readdir(join(folder.path, 'linux'))).toEqual(expect.arrayContaining(['16x16.png', '512x512.png']));
});

describe('Windows', () => {
  test('gets one file with every size, up to 256 pixels', async () => {
    const file = await readFile(join(folder.path, 'icon.ico'));
    expect([file.readUInt16LE(0), file.readUInt16LE(2)]).toEqual([0, 1]);
    const sizes: number[] = [];
    let end = 6 + 16 * file.readUInt16LE(4);
    for (let i = 0; i < file.readUInt16LE(4); i++) {
      const entry = file.subarray(6 + 16 * i, 22 + 16 * i);
      const [length, offset] = [entry.readUInt32LE(8), entry.readUInt32LE(12)];
      expect(offset).toBe(end);
      end += length;
      const side = entry[0] === 0 ? 256 : entry[0]!;
      expect(sizeOf(file.subarray(offset, offset + length))).toEqual([side, side]);
      sizes.push(side);
    }
    expect(end).toBe(file.length);
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  test('and Linux get it from edge to edge, with round corners', async () => {
    const png = await readFile(join(folder.path, 'linux', '256x256.png'));
    expect(await isOpaque(png, 0, 128)).toBe(true);
    expect(await isOpaque(png, 0, 0)).toBe(false);
  });
});

test('macOS gets one file with every size, and a margin', async () => {
  const file = await readFile(join(folder.path, 'icon.icns'));
  expect(file.toString('latin1', 0, 4)).toBe('icns');
  expect(file.readUInt32BE(4)).toBe(file.length);
  const sides = new Map<string, number>();
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    const png = file.subarray(at + 8, at + file.readUInt32BE(at + 4));
    const [side] = sizeOf(png);
    sides.set(file.toString('latin1', at, at + 4), side);
    if (side === 512) {
      expect(await isOpaque(png, 20, 256)).toBe(false);
      expect(await isOpaque(png, 60, 256)).toBe(true);
    }
  }
  expect(Object.fromEntries(sides)).toMatchObject({ ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32 });
});
