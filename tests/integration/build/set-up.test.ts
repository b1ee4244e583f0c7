import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const locked = { 'node_modules/node': '24.0.0', 'node_modules/a': '1.2.3', 'node_modules/@b/c': '4.5.6' };
const versionsOf = (versions: Record<string, string>) =>
  Object.fromEntries(Object.entries(versions).map(([path, version]) => [path, { version }]));

const lock = (versions: Record<string, string>) =>
  JSON.stringify({
    packages: {
      '': { name: 'clone' },
      'node_modules/for-another-system': { version: '1.0.0', optional: true },
      ...versionsOf(versions),
    },
  });

/** Stands in for npm, which would need the registry: notes how it was called, then does what `install` says. */
const npm = (install: string) => `
  const fs = require('node:fs');
  fs.appendFileSync('npm-calls.log', process.argv[2] + ' ' + process.env.ONNXRUNTIME_NODE_INSTALL + '\\n');
  ${install}
`;
const completes = `
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  const wanted = Object.entries(packages).filter(([path, { optional }]) => path && !optional);
  for (const [path] of wanted) {
    fs.mkdirSync(path, { recursive: true });
    fs.writeFileSync(path + '/package.json', '{}');
  }
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(wanted) }));
`;

describe.skipIf(process.platform === 'win32')('set-up (on systems with symbolic links)', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'patchlight set-up '));
    cpSync(join(root, 'build', 'set-up.mjs'), join(clone, 'build', 'set-up.mjs'));
    cpSync(join(root, 'build', 'set-up'), join(clone, 'build', 'set-up'), { recursive: true });
    write('package.json', '{ "type": "module" }');
    write('package-lock.json', lock(locked));
    write('npm/package.json', '{ "type": "commonjs" }');
    write('npm/npm-cli.js', npm(completes));
    for (const path of Object.keys(locked)) write(`${path}/package.json`, '{}');
    write('node_modules/.package-lock.json', JSON.stringify({ packages: versionsOf(locked) }));
    mkdirSync(join(clone, 'node_modules/.bin'));
    mkdirSync(join(clone, 'node_modules/node/bin'));
    symlinkSync(process.execPath, join(clone, 'node_modules/node/bin/node'));
    symlinkSync('../node/bin/node', join(clone, 'node_modules/.bin/node'));
  });

  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text);
  }

  function setUp(env: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, 'build', 'set-up.mjs')], {
      cwd: tmpdir(),
      env: { ...process.env, npm_execpath: join(clone, 'npm', 'npm-cli.js'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    const log = join(clone, 'npm-calls.log');
    return { status, stdout, stderr, npmCalls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
  }

  test('says and does nothing where everything is in place', () => {
    expect(setUp()).toMatchObject({ status: 0, stdout: '', npmCalls: [] });
  });

  test.each([
    ['nothing is installed', () => rmSync(join(clone, 'node_modules/.package-lock.json'))],
    ['the lock has moved on', () => write('package-lock.json', lock({ ...locked, 'node_modules/a': '1.3.0' }))],
    ['a package is gone', () => rmSync(join(clone, 'node_modules/@b'), { recursive: true })],
    ["npm's list was cut off", () => write('node_modules/.package-lock.json', '{ "packages": {')],
  ])('installs once when %s', (_what, breakOff) => {
    breakOff();
    expect(setUp()).toMatchObject({ status: 0, stdout: '', npmCalls: ['ci skip'] });
    expect(setUp()).toMatchObject({ status: 0, npmCalls: ['ci skip'] });
  });

  test('has npm fetch Node where install scripts are switched off', () => {
    rmSync(join(clone, 'node_modules/.bin/node'));
    write('npm/npm-cli.js', npm("fs.symlinkSync('../node/bin/node', 'node_modules/.bin/node');"));
    expect(setUp()).toMatchObject({ status: 0, npmCalls: ['rebuild skip'] });
  });

  test('explains, without a stack trace, that npm failed', () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    write('npm/npm-cli.js', npm('process.exit(1);'));
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toContain('npm could not install the packages');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('says what to install where ffmpeg is missing', () => {
    const { status, stderr } = setUp({ PATH: '' });
    expect(status).toBe(1);
    expect(stderr).toContain('ffmpeg and ffprobe');
    expect(stderr).toContain('apt-get install ffmpeg');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('names a configured ffmpeg that is no program', () => {
    expect(setUp({ FFMPEG_PATH: '/no/such/ffmpeg' }).stderr).toContain('FFMPEG_PATH is set to /no/such/ffmpeg');
  });
});
