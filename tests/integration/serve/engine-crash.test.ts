import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineApi } from '#contract/engine-api.ts';
import type { ShellEvent } from '#contract/shell-api.ts';
import { SAMPLE } from '../../fixtures/analysis.ts';
import { jobIn } from '../../fixtures/engine-host.ts';
import { enginePid } from '../../fixtures/engine-pid.ts';
import { connectPage, type ServedApp, servedApp } from '../../fixtures/served-app.ts';

const REQUEST = { model: 'untrained-tiny', strideSeconds: 0.1, selector: { keep: 0.9 } } as const;

let app: ServedApp;
let cookie: string;

beforeAll(async () => {
  app = await servedApp({ files: [SAMPLE, '/nowhere/at/all.mp4'] });
  cookie = await app.enter();
});
afterAll(() => app[Symbol.asyncDispose]());

async function until(events: AsyncGenerator<ShellEvent>, state: string): Promise<ShellEvent> {
  for (;;) {
    const { value } = await events.next();
    if (value?.type === 'engine' && value.engine.state === state) return value;
  }
}

describe.skipIf(process.platform !== 'linux')('an engine that is killed in the middle', () => {
  test('is started again, and nothing is lost', async () => {
    const page = await connectPage(app, cookie);
    const events = page.shell.client.shell.events();
    await until(events, 'running');
    expect((await events.next()).value).toMatchObject({ type: 'open', files: [{ name: 'moving-figures.mp4' }] });
    expect((await events.next()).value).toMatchObject({ type: 'open-failed', error: { code: 'file-not-found' } });

    const { client } = page.engine;
    await client.settings.change({ device: 'cpu', precision: 'fp32', topK: 7 });
    const { file } = await app.server.supervisor.grant(SAMPLE);
    await client.videos.open({ file });
    const { job } = await client.analysis.begin({ file, request: REQUEST });
    const before: number[] = [];
    const watching = (async () => {
      for await (const event of client.analysis.watch({ job })) {
        if (event.type !== 'clip') continue;
        before.push(event.clip.index);
        if (before.length === 5) process.kill(await enginePid(), 'SIGKILL');
      }
    })();
    await expect(watching).rejects.toMatchObject({ code: 'connection-lost' });
    await page.engine.closed;
    expect(await until(events, 'restarting')).toMatchObject({
      engine: { restarts: 1, reason: expect.stringContaining('SIGKILL') },
    });
    // Meanwhile videos go on playing.
    expect((await app.ask(`/media/${file}`, { headers: { cookie, range: 'bytes=4-7' } })).body.toString()).toBe('ftyp');
    await until(events, 'running');

    const again = await app.connect(engineApi, '/socket/engine', cookie);
    expect((await again.client.settings.read()).topK).toBe(7);
    expect((await again.client.videos.recent()).map((recent) => recent.file)).toEqual([file]);
    const interrupted = await jobIn(again.client, job, 'interrupted');
    expect(interrupted.file).toBe(file);
    for await (const event of again.client.engine.events()) {
      if (event.type !== 'notice') continue;
      expect(event.notice).toMatchObject({ code: 'work-interrupted', jobs: [job] });
      break;
    }
    const known = await Array.fromAsync(again.client.analysis.watch({ job }));
    expect(known.at(-1)).toEqual({ type: 'interrupted' });
    const kept = known.filter((event) => event.type === 'clip').map((event) => event.clip.index);
    expect(kept.slice(0, before.length)).toEqual(before);

    await again.client.analysis.resume({ job });
    const rest: number[] = [];
    for await (const event of again.client.analysis.watch({ job, skip: kept.length })) {
      if (event.type === 'clip') rest.push(event.clip.index);
      if (rest.length === 3) break;
    }
    expect(rest).toEqual([0, 1, 2].map((i) => kept.length + i));
    await again.client.analysis.cancel({ job });
    again.close();
    page.shell.close();
  });

  test('too often is left alone, says so, and can be started by hand', async () => {
    const page = await connectPage(app, cookie);
    const events = page.shell.client.shell.events();
    await until(events, 'running');
    // One restart has been used by the test before.
    for (let kills = 0; kills < 3; kills++) {
      process.kill(await enginePid(), 'SIGKILL');
      if (kills < 2) await until(events, 'running');
    }
    expect(await until(events, 'stopped')).toMatchObject({ engine: { error: { code: 'engine-stopped' } } });
    const refused = await app.connect(engineApi, '/socket/engine', cookie);
    await refused.closed;
    await page.shell.client.shell.restartEngine();
    await until(events, 'running');
    const again = await app.connect(engineApi, '/socket/engine', cookie);
    expect((await again.client.settings.read()).topK).toBe(7);
    again.close();
    page.shell.close();
  });
});

test('a second server for the same folder of data says that there is one already', async () => {
  const { PatchlightServer } = await import('#serve/server.ts');
  const options = { files: [], port: 0, library: null, renderer: `${app.data}/page`, onAddress: () => {} };
  await expect(PatchlightServer.start(options)).rejects.toMatchObject({ code: 'already-running' });
  await expect(PatchlightServer.start({ ...options, port: app.server.port })).rejects.toMatchObject({
    code: 'port-unavailable',
  });
  await expect(PatchlightServer.start({ ...options, renderer: `${app.data}/nothing` })).rejects.toMatchObject({
    code: 'renderer-missing',
    hint: expect.stringContaining('npm run build:renderer'),
  });
});

test('an uploaded video can be opened, and is not among the recent ones', async () => {
  const page = await connectPage(app, cookie);
  const { readFile } = await import('node:fs/promises');
  const headers = { cookie, origin: `http://127.0.0.1:${app.server.port}`, 'x-file-name': 'd%C3%A9j%C3%A0%20vu.mp4' };
  const answer = await app.ask('/upload', { method: 'POST', headers, body: await readFile(SAMPLE) });
  const { file, name } = JSON.parse(answer.body.toString());
  expect(name).toBe('déjà vu.mp4');
  expect(await page.engine.client.videos.open({ file })).toMatchObject({ name, durationSeconds: 10 });
  expect((await page.engine.client.videos.recent()).map((recent) => recent.name)).not.toContain(name);
});
