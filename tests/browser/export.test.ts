import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportedAnalysisSchema } from '#contract/exports.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { DEFAULT_SETTINGS } from '#contract/settings.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { installTinyBundle } from '../fixtures/analysis.ts';
import { appInBrowser, linkIs, type PageOptions } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { standIn } from '../fixtures/browser/stand-in.ts';
import { writeShortVideos } from '../fixtures/short-videos.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let videos: Awaited<ReturnType<typeof temporaryFolder>>;
/** Where a file of that name lies beside the videos. */
const at = (name: string) => join(videos.path, name);

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  await writeShortVideos(videos.path, { 'a.mp4': 4, 'b.mp4': 4 });
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));
beforeAll(async () => {
  if (CHROMIUM !== undefined) await installTinyBundle(app.served.data);
});

/** A model that has learnt nothing is sure of nothing. */
const SETTINGS = {
  ...{ model: 'untrained-tiny', views: 1 as const },
  intervals: { ...DEFAULT_INTERVAL_RULE, minimumProbability: 0 },
};
const NOTHING = { ...DEFAULT_SETTINGS.exports, kinds: [] };
const PATIENCE = { timeout: 20_000 };
const dialog = (page: Page) => page.getByRole('dialog', { name: /^Export/ });
const format = (page: Page, title: string) => dialog(page).getByRole('checkbox', { name: title });
const run = (page: Page, name: string) => page.getByRole('region', { name: `Export of ${name}` });
const preview = (page: Page) => dialog(page).getByRole('img');
const pictureOf = (page: Page) => preview(page).getAttribute('src');

async function analyse(page: Page, name: string): Promise<void> {
  await page.getByRole('region', { name: 'Library' }).getByRole('button', { name }).click();
  await page.getByTestId('phase').filter({ hasText: 'done' }).waitFor(PATIENCE);
}

describeInBrowser('exporting the video on screen', () => {
  test('writes beside the video what is chosen, which can be read back', async () => {
    await using opened = await app.open({ colorScheme: 'dark', settings: SETTINGS });
    const { page, complaints, engine } = opened;
    await analyse(page, 'a.mp4');
    await page.keyboard.press('e');
    await dialog(page).getByRole('radio', { name: 'Beside the video' }).check({ force: true });
    await preview(page).waitFor(PATIENCE);
    await dialog(page).getByText('a.annotated.mp4', { exact: true }).waitFor();
    expect(await violationsOf(page)).toEqual([]);

    // What is drawn otherwise is seen before it is written.
    const before = await pictureOf(page);
    await dialog(page).getByRole('checkbox', { name: 'Original at the left' }).check();
    await expect.poll(() => pictureOf(page), PATIENCE).not.toBe(before);
    const wide = 2 * (await probeVideo(at('a.mp4'))).width;
    await dialog(page).getByText(`${wide}×`).waitFor(PATIENCE);
    const size = await preview(page).evaluate((image: HTMLImageElement) => image.naturalWidth / image.naturalHeight);
    await dialog(page).getByRole('radio', { name: 'From … to' }).check({ force: true });
    await dialog(page).getByRole('spinbutton', { name: 'To' }).fill('1.5');
    await dialog(page).getByRole('spinbutton', { name: 'To' }).press('Enter');
    await format(page, 'Table (CSV)').check();
    await format(page, 'Data (JSON)').check();
    await dialog(page).getByText('a.csv', { exact: true }).waitFor();
    await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
    await expect.poll(() => dialog(page).count()).toBe(0);
    await run(page, 'a.mp4').getByText('a.mp4 is exported.').waitFor(PATIENCE);
    expect(await violationsOf(page, '.notes')).toEqual([]);

    const { width, height, durationSeconds } = await probeVideo(at('a.annotated.mp4'));
    expect(width / height).toBeCloseTo(size, 2);
    expect(durationSeconds).toBeCloseTo(1.5, 1);
    const rows = parse(await readFile(at('a.csv'), 'utf8'), { columns: true }) as Record<string, string>[];
    const { clips } = exportedAnalysisSchema.parse(JSON.parse(await readFile(at('a.json'), 'utf8')));
    expect(rows.map(({ clip }) => Number(clip))).toEqual(clips.map(({ index }) => index));
    expect((await engine.settings.read()).exports).toMatchObject({
      kinds: ['csv', 'json', 'mp4'],
      to: 'beside',
      video: { sideBySide: true },
    });
    expect(complaints).toEqual([]);
  });

  test('remembers the choices, asks before it replaces a file, and can be called off', async () => {
    await writeFile(at('a.csv'), 'precious');
    await using opened = await app.open({
      colorScheme: 'light',
      viewport: { width: 900, height: 700 },
    });
    const { page, complaints } = opened;
    await analyse(page, 'a.mp4');
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog(page).getByText('a.csv is there').waitFor(PATIENCE);
    expect(await format(page, 'Data (JSON)').isChecked()).toBe(true);
    expect(await dialog(page).getByRole('checkbox', { name: 'Original at the left' }).isChecked()).toBe(true);
    await format(page, 'Data (JSON)').uncheck();
    await format(page, 'Annotated video (MP4)').uncheck();
    // Nothing is left that may be written.
    const button = dialog(page).getByRole('button', { name: 'Export', exact: true });
    await expect.poll(() => button.isDisabled()).toBe(true);
    expect(await violationsOf(page)).toEqual([]);
    await dialog(page).getByRole('checkbox', { name: 'Replace what is there' }).check();
    await button.click();
    await run(page, 'a.mp4').getByText('a.mp4 is exported.').waitFor(PATIENCE);
    expect(await readFile(at('a.csv'), 'utf8')).toContain('video,clip,view');

    await run(page, 'a.mp4').getByRole('button', { name: 'Put away' }).click();
    await page.keyboard.press('e');
    await rm(at('a.annotated.mp4'));
    await format(page, 'Table (CSV)').uncheck();
    await format(page, 'Annotated video (WebM)').check();
    await dialog(page).getByText('a.annotated.webm', { exact: true }).waitFor(PATIENCE);
    await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
    await run(page, 'a.mp4').getByRole('button', { name: 'Cancel' }).click();
    await run(page, 'a.mp4')
      .getByText(/was stopped/)
      .waitFor(PATIENCE);
    await expect(readFile(at('a.annotated.webm'))).rejects.toThrow();
    expect(complaints).toEqual([]);
  });

  test('is fetched by the browser where there is no place beside the video', async () => {
    await using opened = await app.open({ settings: { ...SETTINGS, exports: NOTHING } });
    const { page, complaints } = opened;
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /^Open/ }).first().click();
    await (await chooser).setFiles(at('b.mp4'));
    await page.getByTestId('phase').filter({ hasText: 'done' }).waitFor(PATIENCE);
    await page.keyboard.press('e');
    await format(page, 'Table (CSV)').check();
    await format(page, 'Annotated pictures (GIF)').check();
    await dialog(page).getByRole('radio', { name: 'Beside the video' }).check({ force: true });
    await dialog(page)
      .getByText(/There is no place beside a video/)
      .first()
      .waitFor(PATIENCE);
    await dialog(page).getByRole('radio', { name: 'Download' }).check({ force: true });
    await dialog(page).getByText('b.csv', { exact: true }).waitFor(PATIENCE);
    await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
    await run(page, 'b.mp4').getByText('b.mp4 is exported.').waitFor(PATIENCE);
    const fetched = async (name: string) => {
      const download = page.waitForEvent('download');
      await run(page, 'b.mp4').getByRole('link', { name }).click();
      return (await download).path();
    };
    expect(parse(await readFile(await fetched('b.csv'), 'utf8'), { columns: true }).length).toBeGreaterThan(0);
    expect((await probeVideo(await fetched('b.annotated.gif'))).codec).toBe('gif');
    expect(complaints).toEqual([]);
  });
});

describeInBrowser('exporting on the desktop', () => {
  test('goes into a folder that is chosen, is shown there, and goes there the next time', async () => {
    await mkdir(at('films'));
    const chosen = await app.served.server.supervisor.grant(at('films'));
    const prepare: PageOptions['prepare'] = async (one) => {
      await one.addInitScript(await standIn('desktop-stand-in'));
      await one.addInitScript((folder) => Object.assign(globalThis, { chosenFolder: folder }), chosen);
    };
    await using opened = await app.open({ prepare, settings: { ...SETTINGS, exports: NOTHING } });
    const { page, complaints } = opened;
    const reachesDialog = async () => {
      await linkIs(page, 'ready');
      await analyse(page, 'b.mp4');
      await page.keyboard.press('e');
      await dialog(page).waitFor();
    };
    await reachesDialog();
    await format(page, 'Data (JSON)').check();
    await dialog(page).getByRole('radio', { name: 'Into a folder' }).check({ force: true });
    await dialog(page).getByText('b.json', { exact: true }).waitFor(PATIENCE);
    await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
    await run(page, 'b.mp4').getByRole('button', { name: 'Show in folder' }).click(PATIENCE);
    exportedAnalysisSchema.parse(JSON.parse(await readFile(at('films/b.json'), 'utf8')));
    const { file } = await app.served.server.supervisor.grant(at('films/b.json'));
    const shown = () => page.evaluate(() => (globalThis as { shownFiles?: string[] }).shownFiles);
    await expect.poll(shown).toEqual([file]);
    expect(
      await page.evaluate(() => (globalThis as { notifications?: { title: string; body: string }[] }).notifications),
    ).toEqual([{ title: 'b.mp4 is exported.', body: 'b.json' }]);

    await page.reload();
    await reachesDialog();
    expect(await dialog(page).getByRole('radio', { name: 'Into a folder' }).isChecked()).toBe(true);
    await dialog(page).getByTitle(at('films')).waitFor();
    await dialog(page).getByText('b.json is there').waitFor(PATIENCE);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describeInBrowser('exporting from the queue', () => {
  test('is done of what is added once it is analysed, and shown in its row', async () => {
    const exports = { ...NOTHING, kinds: ['srt' as const], to: 'beside' as const };
    await using opened = await app.open({ colorScheme: 'dark', settings: { ...SETTINGS, exports } });
    const { page, complaints, engine } = opened;
    await page.keyboard.press('Control+5');
    await page.getByRole('button', { name: 'Nothing…' }).click();
    await dialog(page).getByRole('button', { name: 'Use for what is added' }).click();
    await page.getByRole('button', { name: 'Subtitles (SubRip)…' }).waitFor();
    await page.getByRole('button', { name: 'From the library…' }).click();
    await page.getByRole('checkbox', { name: /^All/ }).check();
    await page.getByRole('button', { name: /^Add \d/ }).click();
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    for (const name of ['a.mp4', 'b.mp4']) await row(name).getByText('1 file exported').waitFor(PATIENCE);
    expect(await readFile(at('b.srt'), 'utf8')).toContain('-->');
    expect(await violationsOf(page)).toEqual([]);

    // Once more, with another kind: the first one is up to date.
    await row('a.mp4').focus();
    await page.keyboard.press('e');
    await format(page, 'Subtitles (WebVTT)').check();
    await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
    await row('a.mp4').getByText('1 file exported, 1 file up to date').waitFor(PATIENCE);
    expect(await readFile(at('a.vtt'), 'utf8')).toMatch(/^WEBVTT/);
    await page.getByText('2 of 2 done, 3 files exported').waitFor();
    await page.getByRole('button', { name: 'Nothing', exact: true }).click();
    await page.getByRole('button', { name: 'Nothing…' }).waitFor();
    expect((await engine.settings.read()).queueExports).toBeNull();
    expect(complaints).toEqual([]);
  });
});
