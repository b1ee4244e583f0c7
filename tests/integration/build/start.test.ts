import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Stands in for a program of the repository: notes that it ran, and with what. */
const noting = (name: string) => `
  import { appendFileSync } from 'node:fs';
  appendFileSync('runs.log', ['${name}', ...process.argv.slice(2)].join(' ') + '\\n');
  process.exitCode = process.argv.includes('--fail') ? 3 : 0;
`;

describe.skipIf(process.platform === 'win32')('npm start (on systems with symbolic links)', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'patchlight start '));
    for (const path of ['build/start.mjs', 'build/set-up.mjs', 'build/set-up']) {
      cpSync(join(root, path), join(clone, path), { recursive: true });
    }
    write('package.json', '{ "type": "module" }');
    write('package-lock.json', '{ "packages": { "": {}, "node_modules/node": { "version": "24.0.0" } } }');
    write('node_modules/.package-lock.json', '{ "packages": { "node_modules/node": { "version": "24.0.0" } } }');
    write('node_modules/node/package.json', '{}');
    mkdirSync(join(clone, 'node_modules/.bin'));
    mkdirSync(join(clone, 'node_modules/node/bin'));
    symlinkSync(process.execPath, join(clone, 'node_modules/node/bin/node'));
    symlinkSync('../node/bin/node', join(clone, 'node_modules/.bin/node'));
    for (const script of ['build/build-desktop.ts', 'build/build-renderer.ts', 'electron/cli/main.ts']) {
      write(script, noting(script));
    }
  });

  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  function write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text, { mode });
  }

  function withElectron(): void {
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/electron', '#!/bin/sh\necho "electron $*" >> runs.log\n', 0o755);
  }

  function start(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, 'build', 'start.mjs'), ...args], {
      cwd: clone,
      env: { ...process.env, INIT_CWD: '/videos', ELECTRON_OVERRIDE_DIST_PATH: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    const log = join(clone, 'runs.log');
    const runs = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    return { status, stdout, stderr, runs };
  }

  test('builds the app and opens it in a window, with the videos that it was given', () => {
    withElectron();
    expect(start('a.mp4', '/other/b.mkv')).toMatchObject({
      status: 0,
      stderr: '',
      runs: ['build/build-desktop.ts', `electron ${join(clone, 'dist/desktop')} /videos/a.mp4 /other/b.mkv`],
    });
  });

  test('opens it in a browser where Electron was not fetched, and says in one line how to get it', () => {
    write('node_modules/electron/package.json', '{}');
    const { status, stderr, runs } = start('a.mp4');
    expect(status).toBe(0);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('npx install-electron');
    expect(runs).toEqual(['build/build-renderer.ts', 'electron/cli/main.ts serve --open /videos/a.mp4']);
  });

  test('does not believe in a program that is gone', () => {
    withElectron();
    rmSync(join(clone, 'node_modules/electron/dist'), { recursive: true });
    expect(start().runs.at(-1)).toBe('electron/cli/main.ts serve --open');
  });

  test('opens it in a browser where that is wanted', () => {
    withElectron();
    expect(start('--browser')).toMatchObject({
      stderr: '',
      runs: ['build/build-renderer.ts', 'electron/cli/main.ts serve --open'],
    });
  });

  test('ends where it cannot be built, without a stack trace of its own', () => {
    withElectron();
    write('build/build-desktop.ts', 'console.error("what is wrong");\nprocess.exitCode = 1;\n');
    const { status, stderr, runs } = start();
    expect([status, runs]).toEqual([1, []]);
    expect(stderr).toContain('what is wrong');
    expect(stderr).toContain('could not be built');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('refuses what it does not know', () => {
    const { status, stderr, runs } = start('--broser');
    expect([status, runs]).toEqual([1, []]);
    expect(stderr).toContain('--broser');
  });
});
