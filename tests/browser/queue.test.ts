import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appInBrowser, linkIs } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { dragFiles } from '../fixtures/browser/drag-files.ts';
import { enginePid } from '../fixtures/engine-pid.ts';
import { writeShortVideos } from '../fixtures/short-videos.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let videos: Awaited<ReturnType<typeof temporaryFolder>>;
/** Where a test looks for a file of that name. */
const at = (name: string) => join(videos.path, name);

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  await mkdir(at('more/deeper'), { recursive: true });
  const long = { 'long.mp4': 200, 'longer.mp4': 400 };
  await writeShortVideos(videos.path, { 'a.mp4': 3, 'b.mp4': 4, ...long, 'more/c.mp4': 3, 'more/deeper/d.mp4': 3 });
  await writeFile(at('broken.mp4'), 'This is no video.\n'.repeat(100));
  await writeFile(at('more/notes.txt'), 'nor is this');
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));

const screen = (page: Page) => page.getByRole('navigation', { name: 'Screens' });
const list = (page: Page) => page.getByRole('grid', { name: 'Videos in the queue' });
const row = (page: Page, name: string) => list(page).getByRole('row').filter({ hasText: name });
const names = (page: Page) => list(page).locator('[data-job] .name').allTextContents();
/** Waits until exactly these are in the list. */
const lists = (page: Page, expected: readonly string[]) =>
  expect.poll(() => names(page), { timeout: 20_000 }).toEqual(expected);
const says = (what: Locator, text: string | RegExp, timeout = 50_000) =>
  expect.poll(() => what.textContent({ timeout: 1000 }).catch(() => null), { timeout }).toMatch(text);
/** What has the focus, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('aria-label') ?? element?.querySelector('.name')?.textContent ?? element?.textContent;
  });

async function openQueue(page: Page): Promise<void> {
  await page.keyboard.press('Control+5');
  await page.getByRole('heading', { name: 'Queue', exact: true }).waitFor();
}

async function chooseFiles(page: Page, button: RegExp, paths: readonly string[] | string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(paths);
}

/** Every test begins with an empty queue that goes on by itself. */
async function emptied(page: Page): Promise<void> {
  await openQueue(page);
  await page.getByText(/Add with/).waitFor();
  for (;;) {
    const remove = list(page).getByRole('button', { name: /^(Cancel|Remove from the queue)$/ });
    if ((await remove.count()) === 0) break;
    await remove.first().click();
    await page.waitForTimeout(200);
  }
  await page.getByRole('heading', { name: /^Analyse many videos/ }).waitFor();
}

describeInBrowser('the queue', () => {
  test('takes five files, does them in order, and says of a broken one what is wrong', async () => {
    await using shown = await app.open({ colorScheme: 'dark' });
    const { page, complaints } = shown;
    await openQueue(page);
    await page.getByRole('heading', { name: /^Analyse many videos/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await chooseFiles(page, /^Add videos/, ['a.mp4', 'broken.mp4', 'b.mp4', 'more/c.mp4', 'more/deeper/d.mp4'].map(at));
    await lists(page, ['a.mp4', 'broken.mp4', 'b.mp4', 'c.mp4', 'd.mp4']);
    await says(row(page, 'd.mp4'), /Done/);
    for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) await says(row(page, name), /Done/);
    const broken = await row(page, 'broken.mp4').textContent();
    expect(broken).toContain('Failed');
    // What is wrong, and what to do about it.
    expect(broken).toMatch(/broken\.mp4 .*\..+\./);
    expect(await page.getByRole('status').allTextContents()).toContain('4 of 5 done, 1 failed');
    expect(await violationsOf(page)).toEqual([]);

    await row(page, 'b.mp4').getByRole('button', { name: 'Open the result' }).click();
    await page.getByRole('heading', { name: 'b.mp4' }).waitFor();
    expect(await screen(page).getByRole('button', { name: 'Analyse' }).getAttribute('aria-current')).toBe('page');
    expect(complaints).toEqual([]);
  });

  test('is worked with keys alone, and never loses the focus', async () => {
    await using shown = await app.open({ colorScheme: 'light' });
    const { page, complaints } = shown;
    await emptied(page);
    // Nothing is done meanwhile.
    await chooseFiles(page, /^Add videos/, [at('longer.mp4'), at('a.mp4'), at('b.mp4')]);
    await says(row(page, 'longer.mp4'), /\d %/);
    await page.keyboard.press('p');
    await says(row(page, 'longer.mp4'), /Paused/);
    await says(screen(page).getByRole('button', { name: /^Queue/ }), /3 to do, paused/);
    expect(await page.title()).toMatch(/^Paused, \d+ % \(0 of 3\) · Patchlight$/);
    expect(await violationsOf(page)).toEqual([]);

    await row(page, 'longer.mp4').focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('a.mp4');
    await page.keyboard.press('End');
    expect(await focused(page)).toBe('b.mp4');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('Remove from the queue');
    await page.keyboard.press('Enter');
    await lists(page, ['longer.mp4', 'b.mp4']);
    await expect.poll(() => focused(page)).toBe('b.mp4');
    await page.keyboard.press('Delete');
    await lists(page, ['longer.mp4']);
    await expect.poll(() => focused(page)).toBe('longer.mp4');

    await page.keyboard.press('p');
    await says(row(page, 'longer.mp4'), /left/);
    await page.getByText(/^\d+ %, about .+ left$/).waitFor();
    await page.keyboard.press('Escape');
    await says(row(page, 'longer.mp4'), /Cancelled at \d+ %/);
    expect(await focused(page)).toBe('longer.mp4');
    await page.keyboard.press('r');
    await says(row(page, 'longer.mp4'), /left/);
    // Where it stopped, not from the beginning.
    expect(await row(page, 'longer.mp4').textContent()).not.toContain(' 0 of');
    await page.keyboard.press('Escape');
    await says(row(page, 'longer.mp4'), /Cancelled/);
    await page.keyboard.press('Delete');
    await page.getByRole('heading', { name: /^Analyse many videos/ }).waitFor();
    expect(await focused(page)).toBe('Queue');
    expect(await page.title()).toBe('Patchlight');
    expect(complaints).toEqual([]);
  });

  test('takes folders with everything in them, and the library', async () => {
    await using shown = await app.open();
    const { page, complaints } = shown;
    await emptied(page);
    await chooseFiles(page, /^Add a folder/, at('more'));
    await lists(page, ['c.mp4', 'd.mp4']);

    await page.getByRole('button', { name: 'From the library…' }).click();
    const library = page.getByRole('dialog', { name: 'Add from the library' });
    await page.keyboard.type('deeper');
    await expect.poll(() => library.getByRole('listitem').count()).toBe(1);
    await library.getByRole('checkbox', { name: 'more/deeper/d.mp4' }).check();
    expect(await violationsOf(page)).toEqual([]);
    await library.getByRole('button', { name: 'Add 1' }).click();
    await lists(page, ['c.mp4', 'd.mp4', 'd.mp4']);

    const dragged = await dragFiles(page, [at('more')]);
    await page.getByText('Drop to add to the queue').waitFor();
    await dragged.drop();
    await lists(page, ['c.mp4', 'd.mp4', 'd.mp4', 'c.mp4', 'd.mp4']);
    expect(await page.getByText('Drop to add to the queue').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('remembers what videos are added with, apart from the video on screen', async () => {
    await using shown = await app.open();
    const { page, complaints } = shown;
    await emptied(page);
    const choice = page.getByRole('group', { name: 'What is added is analysed with' });
    await choice.getByText('1 view').click();
    await choice.getByLabel('How patches are chosen').selectOption('random');
    await choice.getByText('Share').click();
    await choice.getByRole('slider', { name: 'Keep' }).fill('0.3');
    await choice.getByRole('button', { name: 'As in Settings' }).waitFor();
    await chooseFiles(page, /^Add videos/, at('a.mp4'));
    await says(row(page, 'a.mp4'), /Random, 30 % · 1 view/);
    await page.reload();
    await linkIs(page, 'ready');
    await openQueue(page);
    expect(await choice.getByRole('radio', { name: '1 view' }).isChecked()).toBe(true);
    expect(await choice.getByRole('slider', { name: 'Keep' }).inputValue()).toBe('0.3');
    await page.keyboard.press('Control+,');
    const settings = page.getByRole('group', { name: 'Views of each clip' });
    expect(await settings.getByRole('radio', { name: 'Three' }).isChecked()).toBe(true);
    await openQueue(page);
    await choice.getByRole('button', { name: 'As in Settings' }).click();
    await expect.poll(() => choice.getByRole('radio', { name: '3 views' }).isChecked()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('goes on after the engine was killed', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await emptied(page);
    await chooseFiles(page, /^Add videos/, [at('long.mp4'), at('a.mp4')]);
    await says(row(page, 'long.mp4'), /left/);
    await row(page, 'a.mp4').focus();
    process.kill(await enginePid(), 'SIGKILL');
    await linkIs(page, 'waiting');
    await linkIs(page, 'ready');
    await says(row(page, 'long.mp4'), /Interrupted, what was done is kept/);
    await says(row(page, 'a.mp4'), /Paused/);
    expect(await focused(page)).toBe('a.mp4');
    const notice = page.getByRole('alert').filter({ hasText: 'The analysis of long.mp4 was interrupted.' });
    await notice.getByRole('button', { name: 'Resume' }).click();
    await says(row(page, 'long.mp4'), /left/);
    expect(await row(page, 'long.mp4').textContent()).not.toContain(' 0 of');
    await expect.poll(() => notice.count()).toBe(0);
    await row(page, 'long.mp4').focus();
    await page.keyboard.press('Escape');
    await says(row(page, 'a.mp4'), /Done/);
  });
});

describeInBrowser('several files that are opened at once', () => {
  test('are shown, the first of them, and offered to the queue, the others', async () => {
    await using shown = await app.open({ viewport: { width: 900, height: 700 } });
    const { page, complaints } = shown;
    // From now on dialogs are answered by the test: that takes a moment, and a key is quick.
    page.on('filechooser', () => {});
    await emptied(page);
    await page.keyboard.press('Control+1');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('o');
    await (await chooser).setFiles([at('b.mp4'), at('a.mp4'), at('more/c.mp4')]);
    await page.getByRole('heading', { name: 'b.mp4' }).waitFor({ timeout: 20_000 });
    await page.getByText('a.mp4 and c.mp4 were opened with it.').waitFor();
    expect(await violationsOf(page, '.notes')).toEqual([]);
    await page.getByRole('button', { name: 'Add both to the queue' }).click();
    await expect.poll(() => page.getByText('were opened with it').count()).toBe(0);
    await openQueue(page);
    await lists(page, ['a.mp4', 'c.mp4']);
    expect(complaints).toEqual([]);
  });
});
