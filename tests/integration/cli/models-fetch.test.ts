import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileServer } from '../../fixtures/http/file-server.ts';
import { filesOf, HUB, serveRepository } from '../../fixtures/http/hub.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../../..');
const GOLDEN = join(root, 'tests/fixtures/goldens/divided_space_time-hf');
const COMMIT = 'c'.repeat(40);
const SOURCE = 'somebody/timesformer-tiny';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: FileServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await FileServer.start();
  serveRepository(server, { id: SOURCE, commit: COMMIT, licence: 'cc-by-nc-4.0', files: filesOf(GOLDEN) });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function patchlight(...args: string[]) {
  const { HTTP_PROXY: _, http_proxy: __, ...outer } = process.env;
  const env = { ...outer, PATCHLIGHT_HOME: folder.path, HF_ENDPOINT: server.address(HUB), NO_COLOR: '1' };
  const command = [join(root, 'electron/cli/main.ts'), 'models', ...args];
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

describe('patchlight models fetch', () => {
  test('shows the licence and how to accept it, and fetches nothing until then', async () => {
    const { code, out, err } = await patchlight('fetch', SOURCE);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('Licence: CC-BY-NC-4.0, Creative Commons Attribution-NonCommercial 4.0 International');
    expect(err).toContain('Not for commercial purposes');
    expect(err).toContain(`patchlight models fetch ${SOURCE} --accept-licence CC-BY-NC-4.0`);
    expect(server.asked.filter(({ method, path }) => method === 'GET' && path.includes('/cdn/'))).toEqual([]);
  });

  test('fetches, imports and tries a model, which is then one among the others', async () => {
    const { code, out, err } = await patchlight(
      ...['fetch', SOURCE, '--name', 'tiny', '--accept-licence', 'CC-BY-NC-4.0', '--device', 'cpu'],
    );
    expect(err).toMatch(/model\.safetensors: SHA-256 [0-9a-f]{64}, as its publisher states it/);
    expect(code).toBe(0);
    expect(out).toMatch(/^Fetched tiny: TimeSformer, divided space time, 4 frames of 32×32/);
    expect(out).toContain('on cpu (fp32)');
    expect(err).toContain('Next: patchlight analyze VIDEO --model tiny\n');
    expect((await patchlight('list')).out).toMatch(/tiny\s+user.*CC-BY-NC-4\.0/);
    expect((await patchlight('inspect', 'tiny')).code).toBe(0);
  });

  test('keeps what arrived of a fetch that broke off, tells of it, and deletes it when asked', async () => {
    server.routes.set('/w.pyth', { body: Buffer.alloc(1000) });
    const source = server.address('/w.pyth');
    const fetched = await patchlight('fetch', source, '--accept-licence', 'unknown');
    expect(fetched.code).toBe(1);
    expect(fetched.err).toContain('Licence: not stated');
    expect((await patchlight('catalogue')).out).toContain(`Broken off: ${source}, 1.0 kB of 1.0 kB.`);
    expect((await patchlight('discard', source)).out).toContain('Nothing is kept');
    expect((await patchlight('catalogue')).out).not.toContain('Broken off');
  });
});

describe('patchlight models catalogue', () => {
  test('lists the public checkpoints', async () => {
    const { out } = await patchlight('catalogue');
    expect(out).toMatch(/facebook\/timesformer-base-finetuned-k400\s+400.*77\.9 %\s+486 MB\s+CC-BY-NC-4\.0/);
    const { out: json } = await patchlight('catalogue', '--json');
    expect(JSON.parse(json)).toMatchObject({ checkpoints: { length: 4 }, unfinished: [] });
  });
});
