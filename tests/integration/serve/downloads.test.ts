import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportKind } from '#contract/export-choice.ts';
import type { ExportEvent } from '#contract/exports.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { installTinyBundle, SAMPLE } from '../../fixtures/analysis.ts';
import { connectPage, type ServedApp, servedApp } from '../../fixtures/served-app.ts';

let app: ServedApp;
let cookie: string;
let connected: Awaited<ReturnType<typeof connectPage>>;
let job: string;

beforeAll(async () => {
  app = await servedApp();
  await installTinyBundle(app.data);
  cookie = await app.enter();
  connected = await connectPage(app, cookie);
  const { file } = await app.server.supervisor.grant(SAMPLE);
  const span = { startSeconds: 0, endSeconds: 2 };
  const { analysis } = connected.engine.client;
  ({ job } = await analysis.begin({ file, request: { model: 'untrained-tiny', views: 1, span } }));
  for await (const event of analysis.watch({ job })) if (event.type === 'failed') throw new Error(event.error.message);
});
afterAll(async () => {
  connected.engine.close();
  connected.shell.close();
  await app[Symbol.asyncDispose]();
});

async function made(kind: ExportKind, pattern: string): Promise<Extract<ExportEvent, { type: 'done' }>> {
  const settings = { intervals: DEFAULT_INTERVAL_RULE };
  const request = { jobs: [job], exports: [{ kind, pattern }], destination: { to: 'download' as const }, settings };
  for await (const event of connected.engine.client.exports.run(request)) {
    if (event.type === 'done') return event;
    if (event.type === 'failed') throw new Error(event.error.message);
  }
  throw new Error('Nothing was made.');
}

test('exports are fetched over HTTP, whole or in parts, by whoever has the cookie', async () => {
  const { file, bytes } = await made('csv', '{name}.csv');
  const path = `/media/${file.file}`;
  const whole = await app.ask(path, { headers: { cookie } });
  expect(whole).toMatchObject({ status: 200, headers: { 'x-content-type-options': 'nosniff' } });
  expect(whole.body).toHaveLength(bytes);
  expect(whole.body.toString()).toContain('video,clip,view');
  const part = await app.ask(path, { headers: { cookie, range: 'bytes=0-4' } });
  expect([part.status, part.body.toString()]).toEqual([206, 'video']);
  expect((await app.ask(path)).status).toBe(403);
  expect((await app.ask(path, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
});

test('a page that is fetched may do nothing of its own', async () => {
  const { file } = await made('report', '{name}.report.html');
  const { headers, body } = await app.ask(`/media/${file.file}`, { headers: { cookie } });
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(body.toString()).toContain('</html>');
});

test('two exports of one name are two files', async () => {
  const [first, second] = [await made('srt', '{name}.srt'), await made('srt', '{name}.srt')];
  expect(second.file.name).toBe(first.file.name);
  expect(second.file.file).not.toBe(first.file.file);
  expect((await app.ask(`/media/${first.file.file}`, { headers: { cookie } })).status).toBe(200);
});
