import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { THIRD_PARTY_FILE, type ThirdPartyPackage, thirdPartySchema } from '#contract/third-party.ts';
import { BUILT_RENDERER, buildRenderer } from '../../../build/renderer.ts';

const root = join(import.meta.dirname, '../../..');

let packages: readonly ThirdPartyPackage[];

beforeAll(async () => {
  await buildRenderer();
  packages = thirdPartySchema.parse(JSON.parse(await readFile(join(BUILT_RENDERER, THIRD_PARTY_FILE), 'utf8')));
});

const named = (name: string) => packages.find((one) => one.name === name);

describe('the list of shipped libraries', () => {
  test('has everything that the program needs at run time, in the version that is installed', async () => {
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const installed = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'));
      expect(named(name)?.version, name).toBe(installed.version);
    }
    // What these need in turn, and what the desktop app is made of.
    expect(named('onnxruntime-common')).toBeDefined();
    expect(named('electron')).toBeDefined();
  });

  test('has what went into the page, and none of the tools that made it', () => {
    for (const name of ['svelte', '@lucide/svelte']) expect(named(name), name).toBeDefined();
    for (const name of ['vite', 'typescript', 'vitest', 'svelte-check', 'axe-core', 'node']) {
      expect(named(name), name).toBeUndefined();
    }
  });

  test('has a licence for each, with the names of those who have the rights', () => {
    for (const { name, licence, text } of packages) {
      expect(licence, name).not.toBe('');
      expect(text, name).toMatch(/copyright|©|\(c\)|Mozilla Public/i);
    }
    expect(named('zod')).toMatchObject({ licence: 'MIT', homepage: 'https://zod.dev' });
    expect(named('async')?.licence).toBe('MIT');
    expect(named('@resvg/resvg-wasm')?.homepage).toBe('https://github.com/yisibl/resvg-js');
    expect(named('onnxruntime-node')?.text).toContain('Microsoft Corporation');
  });

  test('names each version once', () => {
    const names = packages.map(({ name, version }) => `${name} ${version}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(names.toSorted());
  });
});
