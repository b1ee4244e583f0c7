import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WeightFiles } from '#native-models/runtime/weight-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

it('weights are read once, and their memory is given back at once', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'weights.bin');
  await writeFile(path, Uint8Array.of(1, 2, 3));
  const files = new WeightFiles();
  const first = await files.read(path);
  expect([...first]).toEqual([1, 2, 3]);
  await rm(path);
  expect(await files.read(path)).toBe(first);
  await files.release();
  expect(first.byteLength).toBe(0);
  await expect(files.read(path)).rejects.toMatchObject({ kind: 'file', message: expect.stringContaining(path) });
});
