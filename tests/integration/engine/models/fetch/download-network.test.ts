import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { keptDownloads } from '#engine/models/fetch/kept-download.ts';
import { environment } from '../../../../fixtures/environment.ts';
import { fetchBench } from '../../../../fixtures/http/fetch-bench.ts';
import { redirectTo } from '../../../../fixtures/http/file-server.ts';
import { startProxy } from '../../../../fixtures/http/proxy.ts';

const BODY = randomBytes(900_000);
const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;
const bench = fetchBench();
/** What came of it. */
const bytesOf = async (address: string) => readFile((await bench.fetchFile(address)).path);

describe('what an address gives', () => {
  test('may lie elsewhere', async () => {
    bench.server.routes.set('/w.pyth', redirectTo('/a/b?c=d'));
    bench.server.routes.set('/a/b', redirectTo(bench.server.address('/real')));
    bench.server.routes.set('/real', { body: BODY });
    expect(await bytesOf(bench.server.address('/w.pyth'))).toEqual(BODY);
  });

  test.each<[string, (path: string) => void, string]>([
    ['is nothing', () => {}, 'source-missing'],
    ['leads around in a circle', (path) => bench.server.routes.set(path, redirectTo(path)), 'source-unreachable'],
    [
      'leads to where we do not go',
      (path) => bench.server.routes.set(path, redirectTo('http://a.example/x')),
      'source-invalid',
    ],
    [
      'leads into this computer',
      (path) => bench.server.routes.set(path, redirectTo('file:///etc/passwd')),
      'source-invalid',
    ],
    [
      'is a web page',
      (path) => bench.server.routes.set(path, { body: Buffer.from('<html>'), type: 'text/html' }),
      'source-unsuitable',
    ],
    [
      'is for others',
      (path) => bench.server.routes.set(path, (_, response) => response.writeHead(403).end()),
      'source-refused',
    ],
  ])('is refused when it %s', async (_, prepare, code) => {
    prepare('/w.pyth');
    await expect(bench.fetchFile(bench.server.address('/w.pyth'))).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
    expect(await keptDownloads(bench.folder)).toEqual([]);
  });

  test.each([[true], [false]])('is refused when it is too large (length told: %s)', async (length) => {
    bench.server.routes.set('/w.pyth', { body: BODY, length });
    const limits = { mostBytes: 300_000 };
    await expect(bench.fetchFile(bench.server.address('/w.pyth'), { limits })).rejects.toMatchObject({
      code: 'download-too-large',
    });
  });

  test('cannot be reached where nobody listens, or where there is no such host', async () => {
    const { port } = bench.server;
    await bench.server[Symbol.asyncDispose]();
    await expect(bench.fetchFile(`http://127.0.0.1:${port}/w.pyth`)).rejects.toMatchObject({
      code: 'source-unreachable',
    });
    await expect(bench.fetchFile('https://there.is.no.such.host.invalid/w.pyth')).rejects.toMatchObject({
      code: 'source-unreachable',
      hint: expect.stringContaining('online'),
    });
    await bench.serveAnew();
  });

  test.skipIf(!HAS_OPENSSL)('is refused where nobody vouches for the server (skipped without openssl)', async () => {
    const [key, cert] = [join(bench.folder, 'key.pem'), join(bench.folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject];
    await promisify(execFile)('openssl', made);
    const secure = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) =>
      response.end('weights'),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    try {
      const address = `https://localhost:${(secure.address() as AddressInfo).port}/w.pyth`;
      await expect(bench.fetchFile(address)).rejects.toMatchObject({
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
    bench.server.routes.set('/w.pyth', { body: BODY });
    expect(await bytesOf(bench.server.address('/w.pyth'))).toEqual(BODY);
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${bench.server.port}`]));
  });

  test('is asked for https where HTTPS_PROXY names one, and its refusal is told', async () => {
    await using proxy = await startProxy(407);
    using _set = environment({ HTTPS_PROXY: proxy.address });
    await expect(bench.fetchFile('https://weights.example/w.pyth')).rejects.toMatchObject({
      code: 'source-unreachable',
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(proxy.asked).toEqual(['weights.example:443']);
  });

  test('is left out for whom NO_PROXY names', async () => {
    await using proxy = await startProxy();
    using _set = environment({ HTTP_PROXY: proxy.address, NO_PROXY: '127.0.0.1' });
    bench.server.routes.set('/w.pyth', { body: BODY });
    await bench.fetchFile(bench.server.address('/w.pyth'));
    expect(proxy.asked).toEqual([]);
  });
});
