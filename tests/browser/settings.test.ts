import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsSchema } from '#contract/settings.ts';
import { bytesText } from '../../renderer/src/text/quantities.ts';
import { appInBrowser, linkIs } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { enginePid } from '../fixtures/engine-pid.ts';
import { writeShortVideos } from '../fixtures/short-videos.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let videos: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  await writeShortVideos(videos.path, { 'a.mp4': 1, 'b.mp4': 1, 'c.mp4': 1 });
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));

const settingsFile = () => join(app.served.data, 'settings.json');
/** What the engine has written to disk. */
const kept = async () => settingsSchema.parse(JSON.parse(await readFile(settingsFile(), 'utf8')).state);
const setting = (page: Page, title: string) => page.getByRole('group', { name: title, exact: true });

async function openSettings(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  await setting(page, 'Theme').waitFor();
}

describeInBrowser('settings', () => {
  test.each([
    ['dark', 1280, 800],
    ['light', 900, 700],
  ] as const)('are kept as soon as they are changed, %s', async (colorScheme, width, height) => {
    await using shown = await app.open({ colorScheme, viewport: { width, height } });
    const { page, complaints } = shown;
    await openSettings(page);
    await setting(page, 'Theme')
      .getByText(colorScheme === 'dark' ? 'Light' : 'Dark')
      .click();
    const theme = colorScheme === 'dark' ? 'light' : 'dark';
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(theme);
    await setting(page, 'Overlay').getByText('Heat map').click();
    await setting(page, 'Opacity of the overlay').getByRole('slider').press('ArrowLeft');
    await setting(page, 'Patches').getByText('Threshold').click();
    await setting(page, 'Patches').getByRole('slider', { name: 'Above' }).fill('0.25');
    await setting(page, 'Clips begin').getByText('Every', { exact: true }).click();
    await setting(page, 'Clips begin').getByRole('spinbutton').fill('0.5');
    await setting(page, 'Predictions of each clip').getByRole('spinbutton').fill('7');
    await setting(page, 'Predictions of each clip').getByRole('spinbutton').press('Enter');
    await setting(page, 'Results').getByRole('spinbutton', { name: 'Size' }).fill('0.5');
    await setting(page, 'Results').getByRole('spinbutton', { name: 'Size' }).press('Enter');
    await expect.poll(kept, { timeout: 20_000 }).toMatchObject({
      storage: { ...DEFAULT_SETTINGS.storage, resultBytes: 2 ** 29 },
      ...{ theme, strideSeconds: 0.5, topK: 7 },
      overlay: { mode: 'heat', opacity: 0.55 },
      selector: { threshold: 0.25 },
    });
    expect(await violationsOf(page)).toEqual([]);
    await page.reload();
    await linkIs(page, 'ready');
    await openSettings(page);
    expect(await setting(page, 'Overlay').getByRole('radio', { name: 'Heat map' }).isChecked()).toBe(true);
    expect(await setting(page, 'Clips begin').getByRole('spinbutton').inputValue()).toBe('0.5');

    await page.getByRole('button', { name: 'Reset to defaults…' }).click();
    const question = page.getByRole('dialog', { name: 'Reset all settings?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect((await kept()).topK).toBe(7);
    await page.getByRole('button', { name: 'Reset to defaults…' }).click();
    expect(await violationsOf(page)).toEqual([]);
    await question.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(kept).toEqual(DEFAULT_SETTINGS);
    expect(await setting(page, 'Predictions of each clip').getByRole('spinbutton').inputValue()).toBe('5');
    expect(complaints).toEqual([]);
  });

  test('that make no sense are not taken, and say so', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await openSettings(page);
    const number = setting(page, 'Predictions of each clip').getByRole('spinbutton');
    await number.fill('1000');
    await number.press('Enter');
    await page.getByText('A whole number from 1 to 100.').waitFor();
    expect(await number.getAttribute('aria-invalid')).toBe('true');
    expect(await violationsOf(page)).toEqual([]);
    await number.fill('2');
    await number.press('Enter');
    await expect.poll(async () => (await kept()).topK).toBe(2);
    expect(await page.getByText('A whole number').count()).toBe(0);
  });

  test('list recent videos, which can be forgotten one by one by key', async () => {
    await using shown = await app.open();
    const { page, complaints, engine } = shown;
    for (const { file } of await engine.videos.library()) await engine.videos.open({ file });
    await openSettings(page);
    const recent = page.getByRole('region', { name: 'Recent videos' });
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(3);
    await recent.getByRole('button', { name: 'Forget b.mp4' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(2);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Forget a.mp4');
    await recent.getByRole('button', { name: 'Forget all' }).click();
    await recent.getByText('None.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Settings');
    expect(complaints).toEqual([]);
  });

  test('say where everything is kept and what takes how much room', async () => {
    await using shown = await app.open();
    const { page, complaints, engine } = shown;
    await openSettings(page);
    const folder = page.getByRole('region', { name: 'Data folder' });
    await folder.getByText(app.served.data, { exact: true }).waitFor();
    const { bytes } = await engine.storage.use();
    const rest = folder.getByRole('row').filter({ hasText: 'Everything else' });
    expect(bytes.other).toBeGreaterThan(0);
    expect(await rest.textContent()).toContain(bytesText(bytes.other));
    // A browser has no file manager.
    expect(await folder.getByRole('button', { name: 'Open folder' }).count()).toBe(0);
    expect(await violationsOf(page, '.settings')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('that are damaged on disk are set aside with a notice', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await writeFile(settingsFile(), '{"version": 1, "state": {"theme": "pi');
    process.kill(await enginePid(), 'SIGKILL');
    await linkIs(page, 'waiting');
    await linkIs(page, 'ready');
    const notice = page.getByRole('alert').filter({ hasText: 'The file with settings could not be read' });
    await notice.waitFor({ timeout: 20_000 });
    expect(await notice.textContent()).toMatch(/The damaged file was kept as .+settings\.json\.damaged-/);
    expect(await violationsOf(page)).toEqual([]);
    await openSettings(page);
    expect(await setting(page, 'Predictions of each clip').getByRole('spinbutton').inputValue()).toBe('5');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => notice.count()).toBe(0);
    await page.reload();
    await linkIs(page, 'ready');
    await openSettings(page);
    expect(await notice.count()).toBe(0);
  });
});
