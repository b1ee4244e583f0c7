import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILT_RENDERER, buildRenderer } from '../../build/renderer.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, complaintsOf, launchChromium } from '../fixtures/browser/chromium.ts';
import { type ServedApp, servedApp } from '../fixtures/served-app.ts';

let app: ServedApp;
let browser: Browser;

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  await buildRenderer();
  app = await servedApp({ renderer: BUILT_RENDERER });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

describe.skipIf(CHROMIUM === undefined)('axe', () => {
  test.each(['dark', 'light'] as const)(
    'finds nothing wrong with the page at its beginning, %s',
    async (colorScheme) => {
      await using context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(app.server.url);
      await expect.poll(() => page.getByTestId('state').textContent(), { timeout: 20_000 }).toBe('ready');
      expect(await violationsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test('would find what is wrong', async () => {
    await using context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(app.server.url);
    await page.getByRole('main').waitFor();
    await page.evaluate(() => document.body.append(document.createElement('button')));
    expect((await violationsOf(page)).join('\n')).toContain('button-name');
  });
});
