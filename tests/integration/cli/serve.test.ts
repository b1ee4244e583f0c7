import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { engineApi } from '#contract/engine-api.ts';
import { valuesOver } from '#contract/rpc/binary-port.ts';
import { connectApi } from '#contract/rpc/client.ts';
import { webSocketPort } from '#contract/rpc/web-socket.ts';
import { buildRenderer } from '../../../build/renderer.ts';
import { installTinyBundle, SAMPLE } from '../../fixtures/analysis.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const root = join(import.meta.dirname, '../../..');

beforeAll(() => buildRenderer());

/** `patchlight serve` as a terminal runs it: in a process group of its own, which Ctrl-C reaches as a whole. */
async function served(home: string, ...args: string[]) {
  await installTinyBundle(home);
  const child = spawn(process.execPath, [join(root, 'electron/cli/main.ts'), 'serve', ...args], {
    env: { ...process.env, PATCHLIGHT_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  let noted = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    noted += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, printed, noted }));
  const address = async () => {
    await Promise.race([ended, expect.poll(() => printed, { timeout: 30_000 }).toContain('http://')]);
    return new URL(/http:\S+/.exec(printed)?.[0] ?? '');
  };
  return { child, ended, address };
}

async function engineAt(url: URL) {
  const { headers } = await fetch(url);
  const cookie = String(headers.get('set-cookie')).split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${url.host}/socket/engine`, { headers: { cookie, origin: url.origin } });
  await once(socket, 'open');
  return connectApi(engineApi, valuesOver(webSocketPort(socket))).client;
}

describe.skipIf(process.platform === 'win32')('patchlight serve', () => {
  test('Ctrl-C in the middle of an analysis ends it in order, and the analysis can go on', async () => {
    await using home = await temporaryFolder();
    const first = await served(home.path, SAMPLE);
    const client = await engineAt(await first.address());
    await client.settings.change({ device: 'cpu', precision: 'fp32' });
    const { file } = await client.videos.openSample();
    const request = { model: 'untrained-tiny', strideSeconds: 0.05, selector: { keep: 0.9 } } as const;
    const { job } = await client.analysis.begin({ file, request });
    for await (const event of client.analysis.watch({ job })) if (event.type === 'clip') break;
    process.kill(-first.child.pid!, 'SIGINT');
    const { code, noted } = await first.ended;
    expect([code, noted]).toEqual([0, expect.stringContaining('Ending')]);
    const { state } = JSON.parse(await readFile(join(home.path, 'jobs.json'), 'utf8'));
    expect(state.jobs).toMatchObject([{ job, state: 'interrupted' }]);

    const second = await served(home.path);
    const again = await engineAt(await second.address());
    const known = await Array.fromAsync(again.analysis.watch({ job }));
    expect(known.filter(({ type }) => type === 'clip').length).toBeGreaterThan(0);
    expect(known.filter(({ type }) => type === 'warning')).toEqual([]);
    expect(known.at(-1)).toEqual({ type: 'interrupted' });
    process.kill(-second.child.pid!, 'SIGINT');
    expect((await second.ended).code).toBe(0);
  });

  test('killed at once, leaves no engine behind', async () => {
    await using home = await temporaryFolder();
    const first = await served(home.path);
    await first.address();
    first.child.kill('SIGKILL');
    await first.ended;
    // Its engine holds the lock of the folder until it is gone.
    for (let attempt = 0; ; attempt++) {
      const next = await served(home.path);
      const outcome = await Promise.race([next.address().catch(() => null), next.ended]);
      next.child.kill('SIGINT');
      await next.ended;
      if (outcome instanceof URL) break;
      expect(attempt).toBeLessThan(10);
      await sleep(500);
    }
  });

  test('says what is wrong, and how to use it', async () => {
    await using home = await temporaryFolder();
    const nowhere = await (await served(home.path, '--library', join(home.path, 'nowhere'))).ended;
    expect(nowhere).toMatchObject({ code: 1, printed: '', noted: expect.stringContaining('no folder') });
    for (const wrong of ['x', '65536']) {
      const port = await (await served(home.path, '--port', wrong)).ended;
      expect(port).toMatchObject({ code: 2, noted: expect.stringContaining('whole number between 0 and 65535') });
    }
  });
});
