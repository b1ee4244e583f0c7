import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSample } from '../fixtures/browser/analyse-screen.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

const SCREENSHOTS = join(import.meta.dirname, '../../dist/screenshots');
const app = appInBrowser();
const settings = { overlay: { mode: 'kept', opacity: 1 }, selector: {}, strideSeconds: null, views: 3 } as const;

describeInBrowser('axe finds nothing, and nothing is cut off', () => {
  test.each([
    ['dark', 900, 650, 'no-preference'],
    ['light', 1280, 800, 'no-preference'],
    ['dark', 1920, 1080, 'more'],
    ['light', 900, 650, 'more'],
  ] as const)('%s, %d × %d, contrast %s', async (colorScheme, width, height, contrast) => {
    await using shown = await app.open({ settings });
    const { page, complaints } = shown;
    await page.emulateMedia({ colorScheme, contrast });
    await page.setViewportSize({ width, height });
    expect(await violationsOf(page)).toEqual([]);
    await openSample(page);
    await page.keyboard.press('3');
    await page.keyboard.press(']');
    await page.getByRole('button', { name: 'Apply to all' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    // For people to look at, when a run is over.
    await page.screenshot({ path: join(SCREENSHOTS, `analyse-${colorScheme}-${width}-${contrast}.png`) });
    expect(complaints).toEqual([]);
  });
});
