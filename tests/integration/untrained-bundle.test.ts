import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundlesDirectory, makeUntrainedBundle, untrainedBundleName } from '../fixtures/make-untrained-bundle.ts';

const committed = join(bundlesDirectory, untrainedBundleName);

describe('the bundle that tests run', () => {
  let parent: string;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'patchlight-untrained-'));
    await makeUntrainedBundle(parent);
  });

  afterAll(() => rm(parent, { recursive: true, force: true }));

  test('is, byte for byte, what the script makes', async () => {
    const made = join(parent, untrainedBundleName);
    const names = (await readdir(made)).sort();
    expect((await readdir(committed)).sort()).toEqual(names);
    expect(names).toContain('model.safetensors');
    for (const name of names) {
      const [there, here] = await Promise.all([readFile(join(committed, name)), readFile(join(made, name))]);
      expect(there.equals(here), `${name}: node tests/fixtures/make-untrained-bundle.ts makes it anew`).toBe(true);
    }
  });

  test('is small enough to travel with the repository', async () => {
    expect((await stat(join(committed, 'model.safetensors'))).size).toBeLessThan(1_500_000);
  });

  test('says plainly that it is untrained', async () => {
    expect(JSON.parse(await readFile(join(committed, 'manifest.json'), 'utf8'))).toMatchObject({ trained: false });
    expect(await readFile(join(committed, 'CARD.md'), 'utf8')).toContain('random numbers');
  });
});
