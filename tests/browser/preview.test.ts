import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineClient } from '#contract/engine-api.ts';
import type { Video } from '#contract/videos.ts';
import { PLAYED_BY_CHROMIUM } from '#engine/video/playback.ts';
import { MEDIA_BASE } from '#main/page-origin.ts';
import { answerMedia } from '#main/protocols.ts';
import { ffmpeg, H264, writeBarCodeVideo } from '../fixtures/bar-code-video.ts';
import { CHROMIUM, describeInBrowser, launchChromium } from '../fixtures/browser/chromium.ts';
import { connectPage, type ServedApp, servedApp } from '../fixtures/served-app.ts';
import { shownInPlayer } from './shown-in-player.ts';

/** Videos of 100 numbered frames, 25 a second, in Chromium's own player: what is shown is what the engine sees. */

const FRAMES = 100;
const RATE = 25;
/** Forwards, backwards, close to both ends, between two frames and right on one. */
const MOMENTS = [1.013, 3.97, 0.5, 2.56, 0.01, 3.3];
const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2'];

let app: ServedApp;
let browser: Browser;
let page: Page;
let client: EngineClient;
/** Stands for Electron, which asks its `media:` handler. */
let media: Server;

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  app = await servedApp();
  browser = await launchChromium();
  client = (await connectPage(app, await app.enter())).engine.client;
  page = await browser.newPage();
  await page.goto(app.server.url);
  media = createServer(async ({ url = '', headers }, response) => {
    if (url === '/') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>media:</title>');
      return;
    }
    const asked = new Request(MEDIA_BASE + url.slice(1), { headers: headers.range ? { range: headers.range } : {} });
    const answer = await answerMedia(asked, (file) => app.server.supervisor.locate(file));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) response.end();
    else Readable.fromWeb(answer.body as never).pipe(response);
  });
  media.listen(0, '127.0.0.1');
  await once(media, 'listening');
});
afterAll(async () => {
  await browser?.close();
  media?.closeAllConnections();
  media?.close();
  await app?.[Symbol.asyncDispose]();
});

async function make(name: string, encode: readonly string[]): Promise<string> {
  return writeBarCodeVideo(join(app.data, name), { frames: FRAMES, rate: String(RATE), encode });
}

async function repacked(name: string, options: readonly string[], before: readonly string[] = []): Promise<string> {
  const source = await make(`whole-${name}.mp4`, [...H264, '-g', '40']);
  await ffmpeg([...before, '-i', source, '-c', 'copy', ...options, join(app.data, name)]);
  return join(app.data, name);
}

async function opened(path: string): Promise<Video> {
  return client.videos.open({ file: (await app.server.supervisor.grant(path)).file });
}

async function previewOf({ file }: Video): Promise<string> {
  const last = (await Array.fromAsync(client.videos.preview({ file }))).at(-1);
  if (last?.type !== 'done') throw new Error('There is no preview.');
  return last.preview;
}

/** The frame on screen at each moment, when frame n appears at `n / RATE`. */
const onScreen = (first = 0) => MOMENTS.map((seconds) => Math.floor(seconds * RATE + 1e-6) + first);

describeInBrowser('a video that needs a preview', () => {
  test('MPEG-4 part 2 in AVI: the player refuses it, plays its preview, and a seek lands on the right frame', async () => {
    const video = await opened(await make('mpeg4.avi', MPEG4));
    expect(video).toMatchObject({ playback: 'proxy', durationSeconds: 4 });
    await expect(shownInPlayer(page, `/media/${video.file}`, [])).rejects.toThrow();
    const played = await shownInPlayer(page, `/media/${await previewOf(video)}`, MOMENTS);
    expect(played).toMatchObject({ width: 240, height: 96, durationSeconds: 4, seekable: [0, 4] });
    expect(played.shown.map(({ number }) => number)).toEqual(onScreen());
    for (const { number, mediaSeconds } of played.shown) expect(mediaSeconds).toBeCloseTo(number! / RATE, 3);
  });

  test.each<[what: string, name: string, path: () => Promise<string>]>([
    [
      'HEVC with 10 bits',
      'hevc.mp4',
      () =>
        make('hevc.mp4', [
          '-c:v',
          'libx265',
          '-preset',
          'ultrafast',
          '-pix_fmt',
          'yuv420p10le',
          '-x265-params',
          'log-level=none',
        ]),
    ],
    [
      'MPEG-2 in a program stream',
      'mpeg2.mpg',
      () => make('mpeg2.mpg', ['-c:v', 'mpeg2video', '-q:v', '3', '-bf', '2']),
    ],
    ['H.264 in FLV', 'h264.flv', () => make('h264.flv', H264)],
    [
      'H.264 in a transport stream that begins at 8.3 s',
      'late.ts',
      () => repacked('late.ts', ['-output_ts_offset', '8.3']),
    ],
    ['H.264 in MP4 that begins at 8.3 s', 'late.mp4', () => repacked('late.mp4', ['-output_ts_offset', '8.3'])],
  ])('%s', async (_what, _name, path) => {
    const video = await opened(await path());
    expect(video.playback).toBe('proxy');
    const played = await shownInPlayer(page, `/media/${await previewOf(video)}`, MOMENTS);
    expect(played.shown.map(({ number }) => number)).toEqual(onScreen());
    expect(played.durationSeconds).toBeCloseTo(4, 1);
  });

  test('of a variable rate', async () => {
    const appears = (n: number) => (n * 40 + ((n * n * 7) % 37)) / 1000;
    const rate = [
      '-vf',
      "settb=1/1000,setpts='N*40+mod(N*N*7,37)'",
      '-vsync',
      'passthrough',
      '-enc_time_base',
      '1/1000',
    ];
    const video = await opened(await make('variable.mkv', [...rate, ...MPEG4]));
    const played = await shownInPlayer(page, `/media/${await previewOf(video)}`, MOMENTS);
    const expected = MOMENTS.map((seconds) => {
      let n = 0;
      while (n + 1 < FRAMES && appears(n + 1) <= seconds) n++;
      return n;
    });
    expect(played.shown.map(({ number }) => number)).toEqual(expected);
    for (const { number, mediaSeconds } of played.shown) expect(mediaSeconds).toBeCloseTo(appears(number!), 3);
  });

  test('that is turned and has pixels that are not square', async () => {
    const flat = await make('flat.mov', ['-vf', 'setsar=64/51', ...MPEG4]);
    await ffmpeg(['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', join(app.data, 'turned.mov')]);
    const video = await opened(join(app.data, 'turned.mov'));
    const played = await shownInPlayer(page, `/media/${await previewOf(video)}`, MOMENTS, true);
    expect(Math.abs((played.width / played.height) * (video.height / video.width) - 1)).toBeLessThan(0.005);
    expect(played.shown.map(({ number }) => number)).toEqual(onScreen());
  });

  test('over Electron’s media: handler', async () => {
    const video = await opened(await make('desktop.avi', MPEG4));
    const preview = await previewOf(video);
    const desktop = await browser.newPage();
    await desktop.goto(`http://127.0.0.1:${(media.address() as AddressInfo).port}/`);
    const played = await shownInPlayer(desktop, `/${preview}`, MOMENTS);
    expect(played.shown.map(({ number }) => number)).toEqual(onScreen());
    await desktop.close();
  });
});

describeInBrowser('a video that plays directly shows what the engine sees', () => {
  const kinds: Record<string, readonly [extension: string, encode: readonly string[]]> = {
    h264: ['mp4', ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3']],
    vp8: ['webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '1M']],
    vp9: ['webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M']],
    av1: ['mkv', ['-c:v', 'libaom-av1', '-cpu-used', '8', '-crf', '15', '-b:v', '0']],
  };
  const formats = [...PLAYED_BY_CHROMIUM].flatMap(([codec, all]) => all.map((format) => [codec, format] as const));

  const expectDirect = async (path: string, first = 0, turned = false) => {
    const video = await opened(path);
    expect(video.playback).toBe('direct');
    const moments = MOMENTS.filter((seconds) => seconds < video.durationSeconds).map((s) => s + video.startSeconds);
    const played = await shownInPlayer(page, `/media/${video.file}`, moments, turned);
    expect(played.shown.map(({ number }) => number)).toEqual(onScreen(first).slice(0, moments.length));
    expect([played.width, played.height]).toEqual([video.width, video.height]);
  };

  test.each(formats)('as %s with %s', async (codec, format) => {
    const [extension, encode] = kinds[codec]!;
    await expectDirect(await make(`${codec}-${format}.${extension}`, [...encode, '-pix_fmt', format]));
  });

  test.each<[what: string, path: () => Promise<string>]>([
    ['in QuickTime', () => make('quicktime.mov', H264)],
    ['in Matroska', () => make('plain.mkv', H264)],
    ['in Matroska that begins at 8.3 s', () => repacked('late.mkv', ['-output_ts_offset', '8.3'])],
  ])('%s', async (_what, path) => {
    await expectDirect(await path());
  });

  test('in fragmented MP4, which begins two frames late, but for as many at the end', async () => {
    const fragments = ['-movflags', 'frag_keyframe+empty_moov'];
    const video = await opened(await make('fragments.mp4', [...H264, ...fragments]));
    expect(video).toMatchObject({ playback: 'direct', startSeconds: 0.08 });
    const moments = MOMENTS.filter((seconds) => seconds < 3.9);
    const address = `/media/${video.file}`;
    const played = await shownInPlayer(
      page,
      address,
      moments.map((seconds) => seconds + 0.08),
    );
    expect(played.shown.map(({ number }) => number)).toEqual(moments.map((s) => Math.floor(s * RATE + 1e-6)));
  });

  test('turned', async () => {
    await expectDirect(await repacked('turned.mp4', ['-metadata:s:v', 'rotate=90']), 0, true);
  });

  test('behind an edit list', async () => {
    const video = await opened(await repacked('edit-list.mp4', [], ['-ss', '1.2']));
    expect(video).toMatchObject({ playback: 'direct', startSeconds: 0, presentedFrames: 70 });
    const moments = MOMENTS.filter((seconds) => seconds < 2.7);
    const played = await shownInPlayer(page, `/media/${video.file}`, moments);
    expect(played.shown.map(({ number }) => number)).toEqual(moments.map((s) => Math.floor(s * RATE + 1e-6) + 30));
  });
});
