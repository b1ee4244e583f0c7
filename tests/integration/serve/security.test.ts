import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlApi } from '#contract/control-api.ts';
import { engineApi } from '#contract/engine-api.ts';
import { shellApi } from '#contract/shell-api.ts';
import { SAMPLE } from '../../fixtures/analysis.ts';
import { type ServedApp, servedApp } from '../../fixtures/served-app.ts';

let app: ServedApp;
let cookie: string;
let own: { cookie: string; origin: string };

beforeAll(async () => {
  app = await servedApp();
  cookie = await app.enter();
  own = { cookie, origin: `http://127.0.0.1:${app.server.port}` };
});
afterAll(() => app[Symbol.asyncDispose]());

const refusalOf = (path: string, headers: Record<string, string>) =>
  app.openSocket(path, headers).then(
    () => 'open',
    (error: Error) => error.message,
  );

describe('who is let in', () => {
  test('nobody without the cookie', async () => {
    for (const path of [
      '/',
      '/index.html',
      '/assets/index-1234.js',
      '/media/AAAAAAAAAAAAAAAAAAAAAA',
      '/upload',
      '/x',
    ]) {
      const { status, body } = await app.ask(path);
      expect(status).toBe(403);
      expect(body.toString()).not.toContain('Patchlight</title>');
    }
    const wrong = `${cookie.split('=')[0]}=${'A'.repeat(43)}`;
    expect((await app.ask('/', { headers: { cookie: wrong } })).status).toBe(403);
  });

  test('whoever shows the token, once', async () => {
    const { pathname, search } = new URL(app.server.url);
    const first = await app.ask(pathname + search);
    expect(first.status).toBe(200);
    expect(String(first.headers['set-cookie'])).toMatch(
      new RegExp(`^patchlight-${app.server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const second = await app.ask(pathname + search);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    // The next one is shown, and is another.
    expect(app.addresses.at(-1)).toBe(app.server.url);
    expect(new URL(app.server.url).search).not.toBe(search);
  });

  test('nobody with a wrong token', async () => {
    for (const token of ['', 'A'.repeat(43), app.server.url.slice(-42)]) {
      expect((await app.ask(`/?token=${token}`)).status).toBe(403);
    }
  });

  test('whoever is in already, also by an old address', async () => {
    const answer = await app.ask('/?token=old', { headers: { cookie } });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
    expect((await app.ask('/', { headers: { cookie } })).status).toBe(200);
  });
});

describe('what is not meant for this server, or not from its page', () => {
  test.each(['evil.example', 'evil.example:80', 'localhost', '127.0.0.1', '[::1]'])(
    'a request for the host %o is refused, cookie or not',
    async (host) => {
      const { status, body } = await app.ask('/', { headers: { cookie, host } });
      expect([400, 421]).toContain(status);
      expect(body.toString()).not.toContain('Patchlight</title>');
      const { pathname, search } = new URL(app.server.url);
      expect((await app.ask(pathname + search, { headers: { host } })).headers['set-cookie']).toBeUndefined();
    },
  );

  test('a request for no host at all is refused', async () => {
    const socket = connect(app.server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(`GET / HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 421 /);
  });

  test('localhost is this server, too', async () => {
    const host = `localhost:${app.server.port}`;
    expect((await app.ask('/', { headers: { cookie, host } })).status).toBe(200);
  });

  test.each(['cross-site', 'same-site'])('a %s request of a browser gets nothing', async (site) => {
    const headers = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
    for (const path of ['/assets/index-1234.js', '/media/AAAAAAAAAAAAAAAAAAAAAA']) {
      expect((await app.ask(path, { headers })).status).toBe(403);
    }
  });

  test('it is reached by the loopback interface only', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one !== undefined && !one.internal && one.family === 'IPv4');
    for (const other of others) {
      const socket = connect(app.server.port, other!.address);
      await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
    expect(new URL(app.server.url).hostname).toBe('127.0.0.1');
  });
});

describe('sockets', () => {
  test('open for the page', async () => {
    const { client, close } = await app.connect(shellApi, '/socket/shell', cookie);
    expect(await client.shell.facts()).toMatchObject({ face: 'browser', mediaBase: '/media/' });
    close();
  });

  test.each([
    ['no cookie', () => ({ origin: own.origin })],
    ['a wrong cookie', () => ({ ...own, cookie: `${cookie.split('=')[0]}=wrong` })],
    ['no origin', () => ({ cookie })],
    ['a foreign origin', () => ({ cookie, origin: 'http://evil.example' })],
    ['the origin of another port', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['the origin null of a sandboxed frame', () => ({ cookie, origin: 'null' })],
    ['the origin of the other spelling', () => ({ cookie, origin: `http://localhost:${app.server.port}` })],
    ['a rebound host', () => ({ cookie, origin: 'http://evil.example', host: 'evil.example' })],
  ])('do not open with %s', async (_what, headers) => {
    for (const path of ['/socket/engine', '/socket/shell']) {
      expect(await refusalOf(path, headers() as Record<string, string>)).toContain('403');
    }
  });

  test('there is none elsewhere', async () => {
    expect(await refusalOf('/socket', own)).toContain('404');
    expect(await refusalOf('/', own)).toContain('404');
  });

  test.each(['/socket/engine', '/socket/shell'])('%s closes on messages that are too long', async (path) => {
    const socket = await app.openSocket(path, own);
    socket.send(Buffer.alloc(5 * 2 ** 20));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    // Nobody else is disturbed.
    const { client, close } = await app.connect(engineApi, '/socket/engine', cookie);
    expect((await client.settings.read()).topK).toBe(5);
    close();
  });

  test.each(['/socket/engine', '/socket/shell'])('%s closes on messages that are none', async (path) => {
    for (const message of ['text', Buffer.from([0xc1]), Buffer.from([0x93, 1, 2, 3])]) {
      const socket = await app.openSocket(path, own);
      socket.send(message);
      await once(socket, 'close');
    }
  });

  test('a page cannot do what only the shell may', async () => {
    const { client, close } = await app.connect({ ...engineApi, ...controlApi }, '/socket/engine', cookie);
    await expect(client.control.grant({ path: '/etc/passwd' })).rejects.toMatchObject({ code: 'procedure-unknown' });
    await expect(client.videos.open({ file: '/etc/passwd' })).rejects.toMatchObject({ code: 'request-invalid' });
    close();
  });
});

describe('files', () => {
  test('what is not in the page leads nowhere, however it is spelt', async () => {
    const paths = [
      '/secret.txt',
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/..%5csecret.txt',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '//secret.txt',
      '/assets',
      '/assets/',
      '/media/',
      '/media/../secret.txt',
      '/media/..%2f..%2fsecret.txt',
      '/media/%00AAAAAAAAAAAAAAAAAAAAA',
      `/media/${encodeURIComponent(join(app.data, 'secret.txt'))}`,
      '/media/AAAAAAAAAAAAAAAAAAAAAA',
      '/media/AAAAAAAAAAAAAAAAAAAAAAA',
      'http://[',
      '*',
    ];
    for (const path of paths) {
      const { status, body } = await app.ask(path, { headers: { cookie } });
      expect([404, 400], path).toContain(status);
      expect(body.toString()).not.toContain('nobody may read this');
    }
  });

  test('a line that is no request ends the connection, not the server', async () => {
    const socket = connect(app.server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end('GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await app.ask('/', { headers: { cookie } })).status).toBe(200);
  });

  test('a video is given by its id, with byte ranges', async () => {
    const { file } = await app.server.supervisor.grant(SAMPLE);
    const answer = await app.ask(`/media/${file}`, { headers: { cookie, range: 'bytes=4-7' } });
    expect(answer).toMatchObject({ status: 206, headers: { 'content-type': 'video/mp4' } });
    expect(answer.body.toString()).toBe('ftyp');
    expect((await app.ask(`/media/${file}`, { headers: { cookie, range: 'bytes=99999999-' } })).status).toBe(416);
    const head = await app.ask(`/media/${file}`, { method: 'HEAD', headers: { cookie } });
    expect(head).toMatchObject({ status: 200, headers: { 'accept-ranges': 'bytes' } });
    expect(head.body).toHaveLength(0);
    expect((await app.ask(`/media/${file}`, { method: 'DELETE', headers: { cookie } })).status).toBe(405);
  });

  test('every answer carries the rules of the page', async () => {
    for (const [path, headers] of [
      ['/', { cookie }],
      ['/', {}],
      ['/nowhere', { cookie }],
    ] as const) {
      const answer = await app.ask(path, { headers });
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-|\*|https?:\/\//);
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('uploads', () => {
  test('of servers that were killed are gone', async () => {
    expect(await readdir(join(app.data, 'uploads'))).not.toContain('of-a-server-that-was-killed');
  });

  const upload = (headers: Record<string, string>, method = 'POST') =>
    app.ask('/upload', { method, headers, body: Buffer.from('a video') });

  test('are taken from the page only', async () => {
    expect((await upload({ cookie })).status).toBe(403);
    expect((await upload({ cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await upload({ origin: own.origin })).status).toBe(403);
    expect((await upload(own, 'PUT')).status).toBe(403);
  });

  test.each([
    '../../../escape.mp4',
    '..\\..\\escape.mp4',
    '/etc/cron.d/escape',
    '%2e%2e%2fescape',
    'a\u0000b.mp4',
    '..',
    '',
  ])('called %j stay where they belong', async (name) => {
    const { status, body } = await upload({ ...own, 'x-file-name': encodeURIComponent(name) });
    expect(status).toBe(200);
    const { file } = JSON.parse(body.toString());
    const path = await app.server.supervisor.locate(file);
    expect(path.startsWith(join(app.data, 'uploads'))).toBe(true);
    expect((await app.ask(`/media/${file}`, { headers: { cookie } })).body.toString()).toBe('a video');
  });

  test('that break off leave nothing', async () => {
    const before = await readdir(join(app.data, 'uploads'), { recursive: true });
    const socket = connect(app.server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1:${app.server.port}\r\nCookie: ${cookie}\r\nOrigin: ${own.origin}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    await expect
      .poll(async () => (await readdir(join(app.data, 'uploads'), { recursive: true })).length)
      .toBeGreaterThan(before.length);
    socket.destroy();
    await expect.poll(() => readdir(join(app.data, 'uploads'), { recursive: true })).toEqual(before);
  });
});
