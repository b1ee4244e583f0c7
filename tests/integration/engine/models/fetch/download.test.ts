import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRoom, diskFailure } from '#engine/models/disk-room.ts';
import { discardDownload, keptDownloads } from '#engine/models/fetch/kept-download.ts';
import { fetchBench } from '../../../../fixtures/http/fetch-bench.ts';

const BODY = randomBytes(900_000);
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const bench = fetchBench();

/** Fetches until about half of the file is here, and is cancelled. */
async function fetchHalf(address: string): Promise<void> {
  const controller = new AbortController();
  const onBytes = (bytes: number) => bytes > BODY.length / 3 && controller.abort(new Error('enough'));
  await expect(bench.fetchFile(address, { signal: controller.signal, onBytes })).rejects.toThrow('enough');
}

/** Requests for the file itself, without the first look at it. */
const downloads = () =>
  bench.server.asked.filter(({ method, path }) => method === 'GET' && path === '/w.pyth').slice(1);

describe('a file', () => {
  test('is fetched whole, with its checksum, and not fetched again', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY });
    const address = bench.server.address('/w.pyth?key=1');
    const { path, sha256, verified } = await bench.fetchFile(address);
    expect(await readFile(path)).toEqual(BODY);
    expect({ sha256, verified }).toEqual({ sha256: SHA256, verified: false });
    await bench.fetchFile(address);
    expect(downloads().filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await keptDownloads(bench.folder))[0]).toEqual({
      ...{ source: address, title: 'w', bytesDone: BODY.length, bytesTotal: BODY.length },
    });
  });

  test('is gone on with where the connection was cut, twice', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY, cuts: [2 ** 30, 300_000, 150_000] });
    const { path, retries } = await bench.fetchFile(bench.server.address('/w.pyth'));
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
    bench.server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(bench.server.address('/w.pyth'));
    const [{ bytesDone = 0 } = {}] = await keptDownloads(bench.folder);
    expect(bytesDone).toBeGreaterThan(BODY.length / 3);
    const seen: number[] = [];
    const { path } = await bench.fetchFile(bench.server.address('/w.pyth'), { onBytes: (bytes) => seen.push(bytes) });
    expect(await readFile(path)).toEqual(BODY);
    expect(seen[0]).toBeGreaterThan(bytesDone);
    expect(bench.server.asked.at(-1)).toMatchObject({
      status: 206,
      range: `bytes=${bytesDone}-`,
      ifRange: '"state-1"',
    });
  });

  test('is gone on with by the date of its change where it has no tag', async () => {
    const file = { body: BODY, etag: null, lastModified: 'Wed, 01 Jan 2025 00:00:00 GMT' };
    bench.server.routes.set('/w.pyth', file);
    await fetchHalf(bench.server.address('/w.pyth'));
    await bench.fetchFile(bench.server.address('/w.pyth'));
    expect(bench.server.asked.at(-1)).toMatchObject({ status: 206, ifRange: file.lastModified });
  });

  test('begins anew when it has changed since', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(bench.server.address('/w.pyth'));
    const other = randomBytes(BODY.length);
    bench.server.routes.set('/w.pyth', { body: other, etag: '"state-2"' });
    const { path } = await bench.fetchFile(bench.server.address('/w.pyth'));
    expect(await readFile(path)).toEqual(other);
  });

  test('begins anew when it changes between two connections of one fetch', async () => {
    const other = randomBytes(600_000);
    const file = { body: BODY, cuts: [2 ** 30, 300_000] };
    bench.server.routes.set('/w.pyth', file);
    const onBytes = (bytes: number) => {
      if (bytes > 100_000) bench.server.routes.set('/w.pyth', { body: other, etag: '"state-2"' });
    };
    const { path, sha256 } = await bench.fetchFile(bench.server.address('/w.pyth'), { onBytes });
    expect(await readFile(path)).toEqual(other);
    expect(sha256).toBe(createHash('sha256').update(other).digest('hex'));
  });

  test.each([
    ['has no mark', { etag: null }],
    ['has a weak mark', { etag: 'W/"state-1"' }],
  ])('begins anew when it %s that says which state it is in', async (_, marks) => {
    bench.server.routes.set('/w.pyth', { body: BODY, ...marks });
    await fetchHalf(bench.server.address('/w.pyth'));
    const { path } = await bench.fetchFile(bench.server.address('/w.pyth'));
    expect(await readFile(path)).toEqual(BODY);
    expect(bench.server.asked.every(({ range }) => range === undefined)).toBe(true);
  });

  test('is complete when all of it had come before the program was killed', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(bench.server.address('/w.pyth'));
    const [key = ''] = await readdir(bench.folder);
    const part = join(bench.folder, key, 'files/w.pyth.part');
    await appendFile(part, BODY.subarray((await readFile(part)).length));
    expect(await readFile((await bench.fetchFile(bench.server.address('/w.pyth'))).path)).toEqual(BODY);
    expect(bench.server.asked.at(-1)?.status).toBe(416);
  });

  test('is given up after several connections that brought nothing, and what is here is kept', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY, cuts: [2 ** 30, 300_000, 0, 0, 0, 0, 0] });
    await expect(bench.fetchFile(bench.server.address('/w.pyth'))).rejects.toMatchObject({
      code: 'download-interrupted',
    });
    expect((await keptDownloads(bench.folder))[0]?.bytesDone).toBeGreaterThan(100_000);
  });

  test('is asked for again when the server is overloaded, and when it falls silent', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY, hangs: [2 ** 30, 300_000] });
    const { path, retries } = await bench.fetchFile(bench.server.address('/w.pyth'), { bodyTimeoutMs: 300 });
    expect(retries).toHaveLength(1);
    expect(await readFile(path)).toEqual(BODY);

    let asked = 0;
    bench.server.routes.set('/busy.pyth', (_, response) => {
      asked += 1;
      if (asked === 2) response.writeHead(503).end();
      else response.writeHead(200, { 'content-length': 3 }).end('abc');
    });
    const later = await bench.fetchFile(bench.server.address('/busy.pyth'));
    expect(later.retries).toMatchObject([
      { code: 'download-interrupted', message: expect.stringContaining('right now') },
    ]);
    expect(await readFile(later.path, 'utf8')).toBe('abc');
  });
});

describe('a checksum that the server states', () => {
  const stated = (sha256: string) => ({ headers: { 'x-linked-etag': `"${sha256}"` } });

  test('is held against what arrived', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY, ...stated(SHA256) });
    expect(await bench.fetchFile(bench.server.address('/w.pyth'))).toMatchObject({ sha256: SHA256, verified: true });
  });

  test('that is another one leaves nothing behind', async () => {
    const wrong = SHA256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    bench.server.routes.set('/w.pyth', { body: BODY, ...stated(wrong) });
    await expect(bench.fetchFile(bench.server.address('/w.pyth'))).rejects.toMatchObject({
      code: 'checksum-mismatch',
      detail: expect.stringContaining(wrong),
    });
    expect((await keptDownloads(bench.folder))[0]?.bytesDone).toBe(0);
  });

  test('decides what may be gone on with, whatever the server calls the file', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY, ...stated(SHA256) });
    await fetchHalf(bench.server.address('/w.pyth'));
    const other = randomBytes(BODY.length);
    const sha256 = createHash('sha256').update(other).digest('hex');
    bench.server.routes.set('/w.pyth', { body: other, ...stated(sha256) });
    expect(await bench.fetchFile(bench.server.address('/w.pyth'))).toMatchObject({ sha256, verified: true });
  });
});

describe('what is kept', () => {
  test('is worked with by one at a time', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY, hangs: [2 ** 30, 300_000] });
    const controller = new AbortController();
    const here = Promise.withResolvers<void>();
    const onBytes = (bytes: number) => bytes >= 300_000 && here.resolve();
    const first = bench.fetchFile(bench.server.address('/w.pyth'), { signal: controller.signal, onBytes });
    first.catch(() => {});
    await here.promise;
    await expect(bench.fetchFile(bench.server.address('/w.pyth'))).rejects.toMatchObject({ code: 'fetch-under-way' });
    await expect(discardDownload(bench.folder, bench.server.address('/w.pyth'))).rejects.toMatchObject({
      code: 'fetch-under-way',
    });
    controller.abort();
    await expect(first).rejects.toThrow();
  });

  test('can be discarded', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY });
    await fetchHalf(bench.server.address('/w.pyth'));
    await discardDownload(bench.folder, bench.server.address('/w.pyth'));
    expect(await keptDownloads(bench.folder)).toEqual([]);
    expect(await readdir(bench.folder)).toEqual([]);
    await discardDownload(bench.folder, 'owner/never-fetched');
  });

  test('that somebody has damaged is begun anew', async () => {
    bench.server.routes.set('/w.pyth', { body: BODY });
    const { path } = await bench.fetchFile(bench.server.address('/w.pyth'));
    await rm(path);
    expect(await readFile((await bench.fetchFile(bench.server.address('/w.pyth'))).path)).toEqual(BODY);
  });
});

describe('a full disk', () => {
  test('is told before anything is fetched', async () => {
    await expect(checkRoom(join(bench.folder, 'new'), 1e18)).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/room for [\d.]+ GB .* 1000000000\.0 GB/),
    });
    await expect(checkRoom(bench.folder, 1)).resolves.toBeUndefined();
  });

  test.skipIf(!existsSync('/dev/full'))('is called by its name in the middle (skipped without /dev/full)', async () => {
    await using full = await open('/dev/full', 'w');
    const thrown = await full.writeFile('x').catch((error: unknown) => error);
    expect(diskFailure(thrown)).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('Make room') });
    const other = new Error('something else');
    expect(diskFailure(other)).toBe(other);
  });
});
