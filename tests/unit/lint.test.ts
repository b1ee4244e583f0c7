import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A file that breaks at most one rule, and the rule. */
interface Case {
  readonly what: string;
  readonly path: string;
  readonly source: string;
  readonly rule: string | null;
}

const importing = (module: string) => `import { x } from '${module}';\nexport const y = x;`;

const forbiddenImports: readonly (readonly [folder: string, module: string])[] = [
  ['electron/contract', '#engine/video/probe.ts'],
  ['electron/contract', '#native-models/bundle/manifest.ts'],
  ['electron/contract', '../engine/video/probe.ts'],
  ['electron/contract', '../../native-models/bundle/manifest.ts'],
  ['native-models/runtime', '#engine/video/probe.ts'],
  ['native-models/runtime', '#cli/main.ts'],
  ['native-models/runtime', '../../electron/engine/video/probe.ts'],
  ['electron/engine/analysis', '#cli/main.ts'],
  ['electron/engine/analysis', '../../cli/main.ts'],
  ['electron/engine/analysis', '../../main/window.ts'],
  ['electron/engine/analysis', '../../serve/server.ts'],
  ['electron/engine/analysis', 'electron'],
  ['electron/cli', '../main/window.ts'],
  ['electron/cli', '#main/main.ts'],
  ['electron/cli', 'electron'],
  ['electron/engine/api', '#serve/server.ts'],
  ['electron/engine/api', '#shell/file-answer.ts'],
  ['electron/shell', '#engine/api/api.ts'],
  ['electron/shell', '../engine/api/api.ts'],
  ['electron/main', '#native-models/bundle/store.ts'],
  ['electron/main', '#serve/server.ts'],
  ['electron/preload', '#engine/api/api.ts'],
  ['renderer/src/views', '#engine/api/api.ts'],
  ['renderer/src/views', '#shell/version.ts'],
  ['renderer/src/views', '#native-models/selection/keep.ts'],
  ['renderer/src/views', '../../../electron/engine/api/api.ts'],
  ['renderer/src/views', 'node:fs'],
  ['renderer/src/views', 'electron'],
];

const allowedImports: readonly (readonly [folder: string, module: string])[] = [
  ['electron/contract', 'zod'],
  ['electron/contract', './errors.ts'],
  ['electron/contract/rpc', '#contract/errors.ts'],
  ['native-models/runtime', '#contract/errors.ts'],
  ['native-models/runtime', '../bundle/manifest.ts'],
  ['electron/engine/analysis', '#native-models/bundle/manifest.ts'],
  ['electron/engine/analysis', '#contract/errors.ts'],
  ['electron/engine/analysis', '../video/probe.ts'],
  ['electron/cli', '#engine/video/probe.ts'],
  ['electron/cli', '#contract/errors.ts'],
  ['electron/cli/commands', '#serve/server.ts'],
  ['electron/serve', '#shell/file-answer.ts'],
  ['electron/main', '#shell/file-answer.ts'],
  ['electron/main', 'electron'],
  ['renderer/src/views', '#contract/engine-api.ts'],
];

const habits: readonly Case[] = [
  {
    what: 'a promise that nobody awaits',
    path: 'electron/engine/floating.ts',
    source: 'async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}',
    rule: 'nursery/noFloatingPromises',
  },
  {
    what: 'a promise taken for a truth',
    path: 'electron/engine/misused.ts',
    source: 'const p: Promise<number> = Promise.resolve(1);\nexport const q = p ? 1 : 2;',
    rule: 'nursery/noMisusedPromises',
  },
  {
    what: 'any',
    path: 'electron/engine/anything.ts',
    source: 'export const x: any = 1;',
    rule: 'suspicious/noExplicitAny',
  },
  {
    what: 'an assertion with !',
    path: 'electron/engine/assertion.ts',
    source: 'export const f = (x: string | null): number => x!.length;',
    rule: 'style/noNonNullAssertion',
  },
  {
    what: 'a default export',
    path: 'electron/engine/default.ts',
    source: 'export default 1;',
    rule: 'style/noDefaultExport',
  },
  {
    what: 'a file name that is not in kebab-case',
    path: 'electron/engine/camelCase.ts',
    source: 'export const x = 1;',
    rule: 'style/useFilenamingConvention',
  },
  {
    what: 'a file without a mistake',
    path: 'electron/engine/clean.ts',
    source: 'export const x = 1;',
    rule: null,
  },
  {
    what: 'an assertion with ! in a test, where a failure is a failed test',
    path: 'tests/unit/assertion.test.ts',
    source: 'export const f = (x: string | null): number => x!.length;',
    rule: null,
  },
];

function importCases(imports: typeof forbiddenImports, name: string, rule: string | null): Case[] {
  return imports.map(([folder, module], index) => ({
    what: `${folder} importing ${module}`,
    path: `${folder}/${name}-${index}.ts`,
    source: importing(module),
    rule,
  }));
}

const cases: readonly Case[] = [
  ...importCases(forbiddenImports, 'forbidden', 'style/noRestrictedImports'),
  ...importCases(allowedImports, 'allowed', null),
  ...habits,
];

describe('under the rules of biome.json', () => {
  let folder: string;
  /** Path and rule of every complaint. */
  const found: { path: string; rule: string }[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchlight-lint-'));
    for (const name of ['biome.json', '.gitignore', 'package.json']) copyFileSync(join(root, name), join(folder, name));
    for (const { path, source } of cases) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${source}\n`);
    }
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    for (const { category, severity, location } of JSON.parse(stdout).diagnostics) {
      if (severity === 'error') found.push({ path: location.path, rule: category.replace('lint/', '') });
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rulesBrokenBy = (path: string) => found.filter((f) => f.path.replaceAll('\\', '/') === path).map((f) => f.rule);

  test.each(cases.filter((c) => c.rule !== null))('$what is refused', ({ path, rule }) => {
    expect(rulesBrokenBy(path)).toEqual([rule]);
  });

  test.each(cases.filter((c) => c.rule === null))('$what is fine', ({ path }) => {
    expect(rulesBrokenBy(path)).toEqual([]);
  });
});
