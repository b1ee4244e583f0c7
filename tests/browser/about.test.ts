import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

const app = appInBrowser();

describeInBrowser('About', () => {
  test.each([
    ['dark', 1280, 800],
    ['light', 900, 700],
  ] as const)('says what this is, and under which licences, %s', async (colorScheme, width, height) => {
    await using shown = await app.open({ colorScheme, viewport: { width, height } });
    const { page, complaints } = shown;
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'About' }).click();
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
    await page.getByRole('heading', { name: `Patchlight ${version}` }).waitFor();
    await page.getByText('US patent 12154307 B2').waitFor();
    const models = page.getByRole('region', { name: 'Models' });
    for (const name of ['motions-tiny', 'shapes-deit-tiny']) await models.getByText(name).waitFor();

    const libraries = page.getByRole('region', { name: 'Libraries that are shipped with Patchlight' });
    const svelte = libraries.getByRole('listitem').filter({ has: page.getByText('svelte', { exact: true }) });
    await svelte.locator('summary').focus();
    await page.keyboard.press('Enter');
    await svelte.getByText('Permission is hereby granted').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    // The browser opens them; nothing of this page goes with the question.
    for (const link of await page.getByRole('link').all()) {
      expect(await link.getAttribute('href')).toMatch(/^https:/);
      expect(await link.getAttribute('target')).toBe('_blank');
      expect(await link.getAttribute('rel')).toContain('noreferrer');
    }
    expect(complaints).toEqual([]);
  });
});
