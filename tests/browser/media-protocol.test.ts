import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MEDIA_BASE } from '#main/page-origin.ts';
import { answerMedia } from '#main/protocols.ts';
import { ffmpeg } from '../fixtures/bar-code-video.ts';
import { CHROMIUM, describeInBrowser, launchChromium } from '../fixtures/browser/chromium.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/**
 * Electron's `media:` handler, asked by a real player. Chromium cannot be given a scheme from outside, so its requests come
 * over HTTP and are handed to the handler as Electron hands them over: as a Request, answered by a Response.
 */

const ID = 'A'.repeat(22);

let server: Server;
let browser: Browser;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let video: string;
/** Every range that the player asked for, and what it got. */
const ranges: { readonly asked: string; readonly status: number; readonly given: string | null }[] = [];

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  folder = await temporaryFolder();
  video = join(folder.path, 'noise.mp4');
  // Noise takes so many bytes that a player has to leave most of them out.
  const noise = 'testsrc2=size=640x360:rate=30:duration=10,noise=alls=60:allf=t';
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '18', '-g', '30', '-pix_fmt', 'yuv420p'];
  await ffmpeg(['-f', 'lavfi', '-i', noise, ...encode, '-movflags', '+faststart', video]);
  server = createServer(async ({ url = '', headers }, response) => {
    if (url === '/') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><video src="/video"></video>');
      return;
    }
    if (url !== '/video') {
      response.writeHead(204).end();
      return;
    }
    const range = headers.range ?? '';
    const asked = new Request(MEDIA_BASE + ID, { headers: range === '' ? {} : { range } });
    const { status, headers: given, body } = await answerMedia(asked, async () => video);
    ranges.push({ asked: range, status, given: given.get('content-range') });
    response.writeHead(status, Object.fromEntries(given));
    if (body === null) response.end();
    else Readable.fromWeb(body as never).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await folder?.[Symbol.asyncDispose]();
});

describeInBrowser('a player over the media: handler', () => {
  test('can seek anywhere, and lands there', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const seen = await page.locator('video').evaluate(async (video: HTMLVideoElement) => {
      const until = (event: string) => new Promise((resolve) => video.addEventListener(event, resolve, { once: true }));
      if (video.readyState < 1) await until('loadedmetadata');
      const times: number[] = [];
      for (const share of [0.8, 0.1, 0.95]) {
        video.currentTime = share * video.duration;
        await until('seeked');
        times.push(video.currentTime / video.duration);
      }
      return { seekable: [video.seekable.start(0), video.seekable.end(0)], duration: video.duration, times };
    });
    expect(seen.seekable).toEqual([0, seen.duration]);
    for (const [i, share] of [0.8, 0.1, 0.95].entries()) expect(seen.times[i]).toBeCloseTo(share, 2);
    // Each seek began a part of its own.
    expect(new Set(ranges.map(({ asked }) => asked)).size).toBeGreaterThanOrEqual(3);
    for (const { asked, status, given } of ranges) {
      expect(asked).toMatch(/^bytes=\d+-\d*$/);
      expect(status).toBe(206);
      expect(given?.startsWith(`bytes ${asked.slice('bytes='.length)}`), `${asked} → ${given}`).toBe(true);
    }
    await page.close();
  });
});
