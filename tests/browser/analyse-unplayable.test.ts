import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ffmpeg, H264, writeBarCodeVideo } from '../fixtures/bar-code-video.ts';
import { openOfLibrary, phaseIs } from '../fixtures/browser/analyse-screen.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { showsFrame } from '../fixtures/browser/frame-on-screen.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const FRAMES = 90;
const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '2'];

let videos: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(videos.path, name);
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  const video = { frames: FRAMES, rate: '30' };
  await writeBarCodeVideo(at('steady.mp4'), { ...video, encode: H264 });
  await writeBarCodeVideo(at('mpeg4.avi'), { ...video, encode: MPEG4 });
  const tone = ['-f', 'lavfi', '-i', 'sine=duration=3', '-c:v', 'copy', '-c:a', 'aac', '-shortest'];
  await ffmpeg(['-i', at('mpeg4.avi'), ...tone, at('sounding.mp4')]);
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));

describeInBrowser('a video that Chromium does not play', () => {
  test.each(['mpeg4.avi', 'sounding.mp4'])(
    'is analysed at once, and played from a copy with the same frames: %s',
    async (name) => {
      await using shown = await app.open();
      const { page, complaints } = shown;
      await openOfLibrary(page, name);
      await showsFrame(page, 0);
      for (const number of [1, 2]) {
        await page.keyboard.press('.');
        await showsFrame(page, number);
      }
      await page.keyboard.press('End');
      await showsFrame(page, FRAMES - 1);
      await phaseIs(page, 'done');
      expect(complaints).toEqual([]);
    },
  );

  // As it is where a decoder is missing: the player is given what it does not know, and the copy as it is.
  test.each([
    ['of which it takes the sound alone', () => at('sounding.mp4')],
    ['which it gives up', () => import.meta.filename],
  ])('though it should, %s, is played from a copy, too', async (_what, instead) => {
    await using shown = await app.open();
    const { page } = shown;
    let first: string | undefined;
    await page.route('**/media/*', (route) => {
      first ??= route.request().url();
      return route.request().url() === first ? route.fulfill({ path: instead() }) : route.continue();
    });
    await openOfLibrary(page, 'steady.mp4');
    await showsFrame(page, 0);
    await page.keyboard.press('End');
    await showsFrame(page, FRAMES - 1);
    const address = await page.locator('video').evaluate((video: HTMLVideoElement) => video.src);
    expect(first).toBeDefined();
    expect(address).not.toBe(first);
  });
});
