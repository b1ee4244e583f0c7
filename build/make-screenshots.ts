import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { PatchlightServer } from '../electron/serve/server.ts';
import { BUILT_RENDERER, buildRenderer } from './renderer.ts';

/**
 * Takes the README's pictures of the app, with the project's own sample and the model that ships, in the Chromium that is
 * there (`PATCHLIGHT_CHROMIUM` names another one): `npm run screenshots`.
 */

const FOLDER = fileURLToPath(new URL('screenshots', import.meta.url));
const SIZE = { width: 1280, height: 800 };
/** An action whose body is seen from the side and whole. */
const MOMENT_SECONDS = 7;

await buildRenderer();
await mkdir(FOLDER, { recursive: true });
const home = await mkdtemp(join(tmpdir(), 'patchlight-screenshots-'));
process.env.PATCHLIGHT_HOME = home;
const server = await PatchlightServer.start({
  ...{ files: [], port: 0, library: null, renderer: BUILT_RENDERER },
  onAddress() {},
});
const browser = await chromium.launch({
  executablePath: process.env.PATCHLIGHT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.goto(server.url);
  await page.getByTestId('state').filter({ hasText: 'ready' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await page.getByTestId('phase').filter({ hasText: 'done' }).waitFor({ timeout: 120_000 });
  await showMoment(page);
  await take(page, 'analyse-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await take(page, 'analyse-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.keyboard.press('3');
  await take(page, 'heat-map');
  for (const screen of ['Compare', 'Models']) {
    await page.getByRole('navigation').getByRole('button', { name: screen }).click();
    await take(page, screen.toLowerCase());
  }
  await showImage(page);
  await take(page, 'image');
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
}

/** Seeks, and waits until the frame is there with what belongs to it. */
async function showMoment(page: Page): Promise<void> {
  await page.locator('video').evaluate(async (video: HTMLVideoElement, seconds) => {
    const sought = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
    video.currentTime = seconds;
    await sought;
  }, MOMENT_SECONDS);
}

async function showImage(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Image' }).click();
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await page.getByText(/^Group 3: blocks/).waitFor();
  await page.getByText('Looking…').waitFor({ state: 'hidden' });
}

async function take(page: Page, name: string): Promise<void> {
  // What moves has come to rest by then.
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  process.stdout.write(`build/screenshots/${name}.png\n`);
}
