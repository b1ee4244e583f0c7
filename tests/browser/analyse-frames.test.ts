import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { H264, writeBarCodeVideo } from '../fixtures/bar-code-video.ts';
import { openOfLibrary, poll } from '../fixtures/browser/analyse-screen.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { frameNumber, showsFrame } from '../fixtures/browser/frame-on-screen.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const STEADY = { frames: 90, rate: '30' };
/** Frames that are a thirtieth of a second apart, and once one and a half seconds. */
const JUMPY = { frames: 24, rate: '30', setpts: 'if(lt(N,5),N,N+45)/30/TB' };

let videos: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  await writeBarCodeVideo(join(videos.path, 'steady.mp4'), { ...STEADY, encode: H264 });
  const { setpts, ...jumpy } = JUMPY;
  await writeBarCodeVideo(join(videos.path, 'jumpy.mp4'), {
    ...jumpy,
    encode: [
      '-vf',
      `settb=1/600,setpts='${setpts}'`,
      '-fps_mode',
      'passthrough',
      '-video_track_timescale',
      '600',
      ...H264,
    ],
  });
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));
const settings = { overlay: { mode: 'kept', opacity: 1 }, selector: {}, strideSeconds: null, views: 3 } as const;

const clock = (page: Page) => page.getByTestId('clock').textContent();

describeInBrowser('keys move by frames that are really shown', () => {
  test('where they are as far apart as each other', async () => {
    await using shown = await app.open({ settings });
    const { page, complaints } = shown;
    await openOfLibrary(page, 'steady.mp4');
    await showsFrame(page, 0);
    for (const number of [1, 2, 3]) {
      await page.keyboard.press('.');
      await showsFrame(page, number);
    }
    expect(await clock(page)).toBe('0:00.10');
    await page.keyboard.press(',');
    await showsFrame(page, 2);
    await page.keyboard.press('End');
    await showsFrame(page, STEADY.frames - 1);
    await page.keyboard.press('.');
    await page.keyboard.press('ArrowLeft');
    await showsFrame(page, STEADY.frames - 1 - 30);
    expect(await clock(page)).toBe('0:01.97');
    await page.keyboard.press('Home');
    await showsFrame(page, 0);
    await page.keyboard.press('ArrowRight');
    await showsFrame(page, 30);
    expect(complaints).toEqual([]);
  });

  test('where they are not', async () => {
    await using shown = await app.open({ settings });
    const { page } = shown;
    await openOfLibrary(page, 'jumpy.mp4');
    await page.getByText('variable').waitFor();
    await showsFrame(page, 0);
    for (let number = 1; number < 7; number++) {
      await page.keyboard.press('.');
      await showsFrame(page, number);
    }
    for (let number = 5; number >= 3; number--) {
      await page.keyboard.press(',');
      await showsFrame(page, number);
    }
  });

  test('backwards and forwards, at several speeds', async () => {
    await using shown = await app.open({ settings });
    const { page } = shown;
    await openOfLibrary(page, 'steady.mp4');
    await page.keyboard.press('End');
    await showsFrame(page, STEADY.frames - 1);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByText('−2×').waitFor();
    await poll(() => frameNumber(page)).toBeLessThan(60);
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('Home');
    await showsFrame(page, 0);
    for (let press = 0; press < 3; press++) await page.keyboard.press('l');
    await poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.playbackRate)).toBe(4);
    // It stops at the end by itself.
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await showsFrame(page, STEADY.frames - 1);
  });
});
