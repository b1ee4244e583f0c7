import { expect, test } from 'vitest';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

const app = appInBrowser();

describeInBrowser('axe', () => {
  test.each(['dark', 'light'] as const)(
    'finds nothing wrong with the page at its beginning, %s',
    async (colorScheme) => {
      await using opened = await app.open({ colorScheme });
      expect(await violationsOf(opened.page)).toEqual([]);
      expect(opened.complaints).toEqual([]);
    },
  );

  test('would find what is wrong', async () => {
    await using opened = await app.open();
    const { page } = opened;
    await page.evaluate(() => document.body.append(document.createElement('button')));
    expect((await violationsOf(page)).join('\n')).toContain('button-name');
  });
});
