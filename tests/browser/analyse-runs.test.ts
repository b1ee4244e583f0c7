import { afterAll, beforeAll, expect, test } from 'vitest';
import { installTinyBundle } from '../fixtures/analysis.ts';
import { openOfLibrary, openSample, phaseIs, poll } from '../fixtures/browser/analyse-screen.ts';
import { appInBrowser, linkIs } from '../fixtures/browser/app-in-browser.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { writeShortVideos } from '../fixtures/short-videos.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let videos: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  await writeShortVideos(videos.path, { 'steady.mp4': 3 });
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));
beforeAll(async () => {
  if (CHROMIUM !== undefined) await installTinyBundle(app.served.data);
});
const settings = { overlay: { mode: 'kept', opacity: 1 }, selector: {}, strideSeconds: null, views: 3 } as const;

describeInBrowser('an analysis', () => {
  test('is cancelled and resumed, by key and by button', async () => {
    await using shown = await app.open({ settings: { ...settings, strideSeconds: 0.1 } });
    const { page, complaints } = shown;
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await phaseIs(page, 'running');
    await page.keyboard.press('Escape');
    await phaseIs(page, 'cancelled');
    await page.getByRole('button', { name: 'Resume' }).click();
    await phaseIs(page, 'running');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await phaseIs(page, 'cancelled');
    expect(complaints).toEqual([]);
  });

  test('goes on while the page is loaded anew, and is found again', async () => {
    await using shown = await app.open({ settings: { ...settings, strideSeconds: 0.11 } });
    const { page, complaints } = shown;
    const clips = page.getByRole('list', { name: 'Clips' }).getByRole('listitem');
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await poll(() => clips.count()).toBeGreaterThan(2);
    const before = await clips.count();
    expect(await page.getByTestId('phase').textContent()).toBe('running');
    await page.reload();
    await linkIs(page, 'ready');
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await phaseIs(page, 'running');
    await poll(() => clips.count()).toBeGreaterThan(before);
    await page.keyboard.press('Escape');
    await phaseIs(page, 'cancelled');
    expect(complaints).toEqual([]);
  });

  test('begins with the clip that is looked at', async () => {
    await using shown = await app.open({ settings: { ...settings, strideSeconds: 0.12 } });
    const { page } = shown;
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await phaseIs(page, 'running');
    await page.keyboard.press('End');
    const last = page
      .getByRole('list', { name: 'Clips' })
      .getByRole('listitem')
      .filter({ hasText: /^\s*0:11/ });
    await poll(() => last.count()).toBeGreaterThan(0);
    expect(await page.getByTestId('phase').textContent()).toBe('running');
    await page.keyboard.press('Escape');
    await phaseIs(page, 'cancelled');
  });

  test('of one crop says so, and names the model with every answer', async () => {
    await using shown = await app.open({ settings: { ...settings, views: 1 } });
    const { page } = shown;
    await openSample(page);
    await page.getByText('One clip: the centre crop alone.').waitFor();
    for (const name of ['This clip', 'Whole video']) {
      await page.getByRole('region', { name }).getByRole('button', { name: 'motions-tiny' }).waitFor();
    }
    await page.getByText('knows 18 actions of drawn figures').waitFor();
    await page.getByText('Three clips', { exact: true }).click();
    await phaseIs(page, 'done');
    await page.getByTestId('agreement').filter({ hasNotText: 'alone' }).waitFor();
  });

  test('of an untrained model says that its answers mean nothing', async () => {
    await using shown = await app.open({ settings });
    const { page } = shown;
    await openSample(page);
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'untrained-tiny' });
    await page.getByText('its predictions mean nothing').waitFor();
    await phaseIs(page, 'done');
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'motions-tiny' });
    await page.getByText('knows 18 actions').waitFor();
  });

  test('of earlier is one click away, and so are recent videos', async () => {
    await using shown = await app.open({ settings });
    const { page } = shown;
    await openOfLibrary(page, 'steady.mp4');
    await phaseIs(page, 'done');
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'untrained-tiny' });
    await page.getByText('its predictions mean nothing').waitFor();
    await phaseIs(page, 'done');
    await page.getByRole('button', { name: 'Recent' }).click();
    await page.getByRole('menuitem', { name: 'steady.mp4' }).click();
    await phaseIs(page, 'done');
    const result = page.getByRole('menuitem', { name: /^motions-tiny/ });
    await page.getByRole('button', { name: 'Earlier results' }).press('Enter');
    await result.waitFor();
    while (!(await result.evaluate((item) => item === document.activeElement))) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('knows 18 actions').waitFor();
    await phaseIs(page, 'done');
  });
});
