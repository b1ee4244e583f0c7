import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, open, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorData } from '#contract/errors.ts';
import { checkRoom, diskFailure } from '#engine/models/disk-room.ts';
import { DOWNLOAD_LIMITS, type DownloadLimits, downloadFile } from '#engine/models/fetch/download-file.ts';
import { HttpClient } from '#engine/models/fetch/http-client.ts';
import { discardDownload, KeptDownload, keptDownloads } from '#engine/models/fetch/kept-download.ts';
import { lookAtSource } from '#engine/models/fetch/look-at-source.ts';
import { environment } from '../../../../fixtures/environment.ts';
import { FileServer, redirectTo } from '../../../../fixtures/http/file-server.ts';
import { startProxy } from '../../../../fixtures/http/proxy.ts';
import { temporaryFolder } from '../../../../fixtures/temporary-folder.ts';

const BODY = randomBytes(900_000);
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const QUICK: DownloadLimits = { ...DOWNLOAD_LIMITS, mostFailures: 3, firstWaitSeconds: 0.01 };
const open_ = new AbortController().signal;

const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: FileServer;
let proxies: Disposable;
beforeEach(async () => {
  proxies = environment({
    ...{ HTTP_PROXY: undefined, HTTPS_PROXY: undefined, NO_PROXY: undefined },
    ...{ http_proxy: undefined, https_proxy: undefined, no_proxy: undefined },
  });
  folder = await temporaryFolder();
  server = await FileServer.start();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  proxies[Symbol.dispose]();
});

interface Fetching {
  readonly signal?: AbortSignal;
  readonly limits?: Partial<DownloadLimits>;
  readonly bodyTimeoutMs?: number;
  /** Called with the bytes that are here. */
  readonly onBytes?: (bytes: number) => void;
}

interface Fetched {
  readonly path: string;
  readonly sha256: string | undefined;
  readonly verified: boolean | undefined;
  readonly retries: readonly ErrorData[];
}

/** Fetches the one file of an address, as a fetch of a model does. */
async function fetchFile(address: string, fetching: Fetching = {}): Promise<Fetched> {
  const { signal = open_, limits = {}, onBytes = () => {}, ...options } = fetching;
  await using client = new HttpClient(options);
  const model = await lookAtSource(address, client, signal);
  await using kept = await KeptDownload.open(folder.path, model);
  const file = model.files[0]!;
  const retries: ErrorData[] = [];
  const listener = { onBytes, onRetry: (_: number, reason: ErrorData) => retries.push(reason), onChecksum: () => {} };
  await downloadFile(file, { client, kept, listener, limits: { ...QUICK, ...limits } }, signal);
  const { sha256, verified } = kept.arrived(file.name) ?? {};
  return { path: join(kept.files, file.name), sha256, verified, retries };
}

/** Fetches until about half of the file is here, and is cancelled. */
async function fetchHalf(address: string): Promise<void> {
  const controller = new AbortController();
  const onBytes = (bytes: number) => bytes > BODY.length / 3 && controller.abort(new Error('enough'));
  await expect(fetchFile(address, { signal: controller.signal, onBytes })).rejects.toThrow('enough');
}

/** Requests for the file itself, without the first look at it. */
const downloads = () => server.asked.filter(({ method, path }) => method === 'GET' && path === '/w.pyth').slice(1);

describe('a file', () => {
  test('is fetched whole, with its checksum, and not fetched again', async () => {
    server.routes.set('/w.pyth', { body: BODY });
    const address = server.address('/w.pyth?key=1');
    const { path, sha256, verified } = await fetchFile(address);
    expect(await readFile(path)).toEqual(BODY);
    expect({ sha256, verified }).toEqual({ sha256: SHA256, verified: false });
    await fetchFile(address);
    expect(downloads().filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await keptDownloads(folder.path))[0]).toEqual({
      ...{ source: address, title: 'w', bytesDone: BODY.length, bytesTotal: BODY.length },
    });
  });

  test('is gone on with where the connection was cut, twice', async () => {
    server.routes.set('/w.pyth', { body: BODY, cuts: [2 ** 30, 300_000, 150_000] });
    const { path, retries } = await fetchFile(server.address('/w.pyth'));
    expect(await readFile(path)).toEqual(BODY);
    expect(retries.map(({ code }) => code)).toEqual(['download-interrupted', 'download-interrupted']);
    const [first, ...later] = downloads();
    expect(first).toMatchObject({ status: 200, range: undefined });
    expect(later.map(({ status, ifRange }) => [status, ifRange])).toEqual([
      [206, '"state-1"'],
      [206, '"state-1"'],
    ]);
  });

  test('is gone on with after it was cancelled', async () => {
    server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(server.address('/w.pyth'));
    const [{ bytesDone = 0 } = {}] = await keptDownloads(folder.path);
    expect(bytesDone).toBeGreaterThan(BODY.length / 3);
    const seen: number[] = [];
    const { path } = await fetchFile(server.address('/w.pyth'), { onBytes: (bytes) => seen.push(bytes) });
    expect(await readFile(path)).toEqual(BODY);
    expect(seen[0]).toBeGreaterThan(bytesDone);
    expect(server.asked.at(-1)).toMatchObject({ status: 206, range: `bytes=${bytesDone}-`, ifRange: '"state-1"' });
  });

  test('is gone on with by the date of its change where it has no tag', async () => {
    const file = { body: BODY, etag: null, lastModified: 'Wed, 01 Jan 2025 00:00:00 GMT' };
    server.routes.set('/w.pyth', file);
    await fetchHalf(server.address('/w.pyth'));
    await fetchFile(server.address('/w.pyth'));
    expect(server.asked.at(-1)).toMatchObject({ status: 206, ifRange: file.lastModified });
  });

  test('begins anew when it has changed since', async () => {
    server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(server.address('/w.pyth'));
    const other = randomBytes(BODY.length);
    server.routes.set('/w.pyth', { body: other, etag: '"state-2"' });
    const { path } = await fetchFile(server.address('/w.pyth'));
    expect(await readFile(path)).toEqual(other);
  });

  test('begins anew when it changes between two connections of one fetch', async () => {
    const other = randomBytes(600_000);
    const file = { body: BODY, cuts: [2 ** 30, 300_000] };
    server.routes.set('/w.pyth', file);
    const onBytes = (bytes: number) => {
      if (bytes > 100_000) server.routes.set('/w.pyth', { body: other, etag: '"state-2"' });
    };
    const { path, sha256 } = await fetchFile(server.address('/w.pyth'), { onBytes });
    expect(await readFile(path)).toEqual(other);
    expect(sha256).toBe(createHash('sha256').update(other).digest('hex'));
  });

  test.each([
    ['has no mark', { etag: null }],
    ['has a weak mark', { etag: 'W/"state-1"' }],
  ])('begins anew when it %s that says which state it is in', async (_, marks) => {
    server.routes.set('/w.pyth', { body: BODY, ...marks });
    await fetchHalf(server.address('/w.pyth'));
    const { path } = await fetchFile(server.address('/w.pyth'));
    expect(await readFile(path)).toEqual(BODY);
    expect(server.asked.every(({ range }) => range === undefined)).toBe(true);
  });

  test('is complete when all of it had come before the program was killed', async () => {
    server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(server.address('/w.pyth'));
    const [key = ''] = await readdir(folder.path);
    const part = join(folder.path, key, 'files/w.pyth.part');
    await appendFile(part, BODY.subarray((await readFile(part)).length));
    expect(await readFile((await fetchFile(server.address('/w.pyth'))).path)).toEqual(BODY);
    expect(server.asked.at(-1)?.status).toBe(416);
  });

  test('is given up after several connections that brought nothing, and what is here is kept', async () => {
    server.routes.set('/w.pyth', { body: BODY, cuts: [2 ** 30, 300_000, 0, 0, 0, 0, 0] });
    await expect(fetchFile(server.address('/w.pyth'))).rejects.toMatchObject({ code: 'download-interrupted' });
    expect((await keptDownloads(folder.path))[0]?.bytesDone).toBeGreaterThan(100_000);
  });

  test('is asked for again when the server is overloaded, and when it falls silent', async () => {
    server.routes.set('/w.pyth', { body: BODY, hangs: [2 ** 30, 300_000] });
    const { path, retries } = await fetchFile(server.address('/w.pyth'), { bodyTimeoutMs: 300 });
    expect(retries).toHaveLength(1);
    expect(await readFile(path)).toEqual(BODY);

    let asked = 0;
    server.routes.set('/busy.pyth', (_, response) => {
      asked += 1;
      if (asked === 2) response.writeHead(503).end();
      else response.writeHead(200, { 'content-length': 3 }).end('abc');
    });
    const later = await fetchFile(server.address('/busy.pyth'));
    expect(later.retries).toMatchObject([
      { code: 'download-interrupted', message: expect.stringContaining('right now') },
    ]);
    expect(await readFile(later.path, 'utf8')).toBe('abc');
  });
});

describe('a checksum that the server states', () => {
  const stated = (sha256: string) => ({ headers: { 'x-linked-etag': `"${sha256}"` } });

  test('is held against what arrived', async () => {
    server.routes.set('/w.pyth', { body: BODY, ...stated(SHA256) });
    expect(await fetchFile(server.address('/w.pyth'))).toMatchObject({ sha256: SHA256, verified: true });
  });

  test('that is another one leaves nothing behind', async () => {
    const wrong = SHA256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    server.routes.set('/w.pyth', { body: BODY, ...stated(wrong) });
    await expect(fetchFile(server.address('/w.pyth'))).rejects.toMatchObject({
      code: 'checksum-mismatch',
      detail: expect.stringContaining(wrong),
    });
    expect((await keptDownloads(folder.path))[0]?.bytesDone).toBe(0);
  });

  test('decides what may be gone on with, whatever the server calls the file', async () => {
    server.routes.set('/w.pyth', { body: BODY, ...stated(SHA256) });
    await fetchHalf(server.address('/w.pyth'));
    const other = randomBytes(BODY.length);
    const sha256 = createHash('sha256').update(other).digest('hex');
    server.routes.set('/w.pyth', { body: other, ...stated(sha256) });
    expect(await fetchFile(server.address('/w.pyth'))).toMatchObject({ sha256, verified: true });
  });
});

describe('what an address gives', () => {
  test('may lie elsewhere', async () => {
    server.routes.set('/w.pyth', redirectTo('/a/b?c=d'));
    server.routes.set('/a/b', redirectTo(server.address('/real')));
    server.routes.set('/real', { body: BODY });
    expect((await fetchFile(server.address('/w.pyth'))).sha256).toBe(SHA256);
  });

  test.each<[string, (path: string) => void, string]>([
    ['is nothing', () => {}, 'source-missing'],
    ['leads around in a circle', (path) => server.routes.set(path, redirectTo(path)), 'source-unreachable'],
    [
      'leads to where we do not go',
      (path) => server.routes.set(path, redirectTo('http://a.example/x')),
      'source-invalid',
    ],
    ['leads into this computer', (path) => server.routes.set(path, redirectTo('file:///etc/passwd')), 'source-invalid'],
    [
      'is a web page',
      (path) => server.routes.set(path, { body: Buffer.from('<html>'), type: 'text/html' }),
      'source-unsuitable',
    ],
    [
      'is for others',
      (path) => server.routes.set(path, (_, response) => response.writeHead(403).end()),
      'source-refused',
    ],
  ])('is refused when it %s', async (_, prepare, code) => {
    prepare('/w.pyth');
    await expect(fetchFile(server.address('/w.pyth'))).rejects.toMatchObject({ code, hint: expect.any(String) });
    expect(await keptDownloads(folder.path)).toEqual([]);
  });

  test.each([[true], [false]])('is refused when it is too large (length told: %s)', async (length) => {
    server.routes.set('/w.pyth', { body: BODY, length });
    const limits = { mostBytes: 300_000 };
    await expect(fetchFile(server.address('/w.pyth'), { limits })).rejects.toMatchObject({
      code: 'download-too-large',
    });
  });

  test('cannot be reached where nobody listens, or where there is no such host', async () => {
    const { port } = server;
    await server[Symbol.asyncDispose]();
    await expect(fetchFile(`http://127.0.0.1:${port}/w.pyth`)).rejects.toMatchObject({ code: 'source-unreachable' });
    await expect(fetchFile('https://there.is.no.such.host.invalid/w.pyth')).rejects.toMatchObject({
      code: 'source-unreachable',
      hint: expect.stringContaining('online'),
    });
    server = await FileServer.start();
  });

  test.skipIf(!HAS_OPENSSL)('is refused where nobody vouches for the server (skipped without openssl)', async () => {
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject];
    await promisify(execFile)('openssl', made);
    const secure = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) =>
      response.end('weights'),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    try {
      const address = `https://localhost:${(secure.address() as AddressInfo).port}/w.pyth`;
      await expect(fetchFile(address)).rejects.toMatchObject({
        code: 'source-unreachable',
        hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });
});

describe('a proxy', () => {
  test('is gone through where HTTP_PROXY names one', async () => {
    await using proxy = await startProxy();
    using _set = environment({ HTTP_PROXY: proxy.address });
    server.routes.set('/w.pyth', { body: BODY });
    expect((await fetchFile(server.address('/w.pyth'))).sha256).toBe(SHA256);
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${server.port}`]));
  });

  test('is asked for https where HTTPS_PROXY names one, and its refusal is told', async () => {
    await using proxy = await startProxy(407);
    using _set = environment({ HTTPS_PROXY: proxy.address });
    await expect(fetchFile('https://weights.example/w.pyth')).rejects.toMatchObject({
      code: 'source-unreachable',
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(proxy.asked).toEqual(['weights.example:443']);
  });

  test('is left out for whom NO_PROXY names', async () => {
    await using proxy = await startProxy();
    using _set = environment({ HTTP_PROXY: proxy.address, NO_PROXY: '127.0.0.1' });
    server.routes.set('/w.pyth', { body: BODY });
    await fetchFile(server.address('/w.pyth'));
    expect(proxy.asked).toEqual([]);
  });
});

describe('what is kept', () => {
  test('is worked with by one at a time', async () => {
    server.routes.set('/w.pyth', { body: BODY, hangs: [2 ** 30, 300_000] });
    const controller = new AbortController();
    const here = Promise.withResolvers<void>();
    const onBytes = (bytes: number) => bytes >= 300_000 && here.resolve();
    const first = fetchFile(server.address('/w.pyth'), { signal: controller.signal, onBytes });
    first.catch(() => {});
    await here.promise;
    await expect(fetchFile(server.address('/w.pyth'))).rejects.toMatchObject({ code: 'fetch-under-way' });
    await expect(discardDownload(folder.path, server.address('/w.pyth'))).rejects.toMatchObject({
      code: 'fetch-under-way',
    });
    controller.abort();
    await expect(first).rejects.toThrow();
  });

  test('can be discarded', async () => {
    server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(server.address('/w.pyth'));
    await discardDownload(folder.path, server.address('/w.pyth'));
    expect(await keptDownloads(folder.path)).toEqual([]);
    expect(await readdir(folder.path)).toEqual([]);
    await discardDownload(folder.path, 'owner/never-fetched');
  });

  test('that somebody has damaged is begun anew', async () => {
    server.routes.set('/w.pyth', { body: BODY });
    const { path } = await fetchFile(server.address('/w.pyth'));
    await rm(path);
    expect(await readFile((await fetchFile(server.address('/w.pyth'))).path)).toEqual(BODY);
  });
});

describe('a full disk', () => {
  test('is told before anything is fetched', async () => {
    await expect(checkRoom(join(folder.path, 'new'), 1e18)).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/room for [\d.]+ GB .* 1000000000\.0 GB/),
    });
    await expect(checkRoom(folder.path, 1)).resolves.toBeUndefined();
  });

  test.skipIf(!existsSync('/dev/full'))('is called by its name in the middle (skipped without /dev/full)', async () => {
    await using full = await open('/dev/full', 'w');
    const thrown = await full.writeFile('x').catch((error: unknown) => error);
    expect(diskFailure(thrown)).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('Make room') });
    const other = new Error('something else');
    expect(diskFailure(other)).toBe(other);
  });
});
