import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SAMPLE } from '../fixtures/analysis.ts';
import { appInBrowser, linkIs } from '../fixtures/browser/app-in-browser.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';
import { standIn } from '../fixtures/browser/stand-in.ts';
import { enginePid } from '../fixtures/engine-pid.ts';

const app = appInBrowser();

const clips = (page: Page) => page.getByRole('list', { name: 'Clips' }).getByRole('listitem').allTextContents();

/** @returns The best label of every clip. */
async function showSample(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect.poll(() => page.getByTestId('phase').textContent(), { timeout: 50_000 }).toMatch(/^(done|failed)$/);
  expect(await page.getByTestId('phase').textContent()).toBe('done');
  return clips(page);
}

describeInBrowser.each([
  ['WebSocket', async () => {}],
  ['MessagePort', async (page: Page) => page.addInitScript(await standIn('preload-stand-in'))],
])('the page over a %s', (_transport, prepare) => {
  test('opens the sample and is told of its analysis, without a complaint', async () => {
    await using opened = await app.open({ prepare });
    const { page, complaints } = opened;
    // The address with the token is gone, also from the history.
    expect(page.url()).toBe(`http://127.0.0.1:${app.served.server.port}/`);
    expect((await showSample(page)).length).toBeGreaterThan(3);
    expect(complaints).toEqual([]);
  });
});

describeInBrowser('files that are dropped into the page', () => {
  const drop = async (page: Page) =>
    page.evaluate(
      ([bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], 'dropped.mp4', { type: 'video/mp4' }));
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [[...(await readFile(SAMPLE))]] as const,
    );

  test('are uploaded by a browser', async () => {
    await using opened = await app.open();
    const { page } = opened;
    await drop(page);
    await page.getByRole('heading', { name: 'dropped.mp4' }).waitFor({ timeout: 20_000 });
  });

  test('are left to the preload on the desktop', async () => {
    await using opened = await app.open({
      prepare: async (one) => one.addInitScript(await standIn('preload-stand-in')),
    });
    const { page } = opened;
    await drop(page);
    await expect.poll(() => page.evaluate('openedFiles')).toEqual(['dropped.mp4']);
  });
});

describeInBrowser('in a browser', () => {
  test('a video plays, and a seek lands where it should', async () => {
    await using opened = await app.open();
    const { page, complaints } = opened;
    await showSample(page);
    const seen = await page.locator('video').evaluate(async (video: HTMLVideoElement) => {
      const until = (event: string) => new Promise((resolve) => video.addEventListener(event, resolve, { once: true }));
      if (video.readyState < 1) await until('loadedmetadata');
      const seekable = [video.seekable.start(0), video.seekable.end(0)];
      video.currentTime = 0.8 * video.duration;
      await until('seeked');
      return { seekable, duration: video.duration, time: video.currentTime };
    });
    expect(seen.duration).toBeGreaterThan(10);
    expect(seen.seekable).toEqual([0, seen.duration]);
    expect(seen.time).toBeCloseTo(0.8 * seen.duration, 2);
    expect(complaints).toEqual([]);
  });

  test('a reload finds everything again', async () => {
    await using opened = await app.open();
    const { page, complaints } = opened;
    await page.reload();
    await linkIs(page, 'ready');
    expect((await showSample(page)).length).toBeGreaterThan(3);
    expect(complaints).toEqual([]);
  });

  test('a second browser is not let in by the first one’s address', async () => {
    const { url } = app.served.server;
    await using _ = await app.open();
    const other = await (await app.browser.newContext()).newPage();
    expect((await other.goto(url))?.status()).toBe(403);
    await other.context().close();
  });

  test('another site’s page gets nothing: no socket, no frame, no file', async () => {
    await using opened = await app.open();
    const { page } = opened;
    // The same browser with the same cookies, at another origin of this computer.
    const foreign = await page.context().newPage();
    await foreign.route('http://localhost:9/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>evil</title>' }),
    );
    await foreign.goto('http://localhost:9/');
    const outcome = await foreign.evaluate(async (base) => {
      const socket = await new Promise((resolve) => {
        const opening = new WebSocket(`${base.replace('http', 'ws')}/socket/engine`);
        opening.addEventListener('open', () => resolve('open'));
        opening.addEventListener('error', () => resolve('refused'));
      });
      const fetched = await fetch(`${base}/`, { credentials: 'include' }).then(
        () => 'read',
        () => 'refused',
      );
      const script = await new Promise((resolve) => {
        const element = document.createElement('script');
        element.src = `${base}/assets/index.js`;
        element.addEventListener('load', () => resolve('loaded'));
        element.addEventListener('error', () => resolve('refused'));
        document.head.append(element);
      });
      return { socket, fetched, script };
    }, `http://127.0.0.1:${app.served.server.port}`);
    expect(outcome).toEqual({ socket: 'refused', fetched: 'refused', script: 'refused' });
  });

  test.skipIf(process.platform !== 'linux')('an engine that is killed comes back by itself', async () => {
    await using opened = await app.open();
    const { page } = opened;
    const before = await showSample(page);
    process.kill(await enginePid(), 'SIGKILL');
    await linkIs(page, 'waiting');
    await linkIs(page, 'ready');
    expect(await clips(page)).toEqual(before);
    await page.reload();
    await linkIs(page, 'ready');
    expect(await showSample(page)).toEqual(before);
  });
});
