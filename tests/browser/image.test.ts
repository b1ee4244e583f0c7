import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readImage } from '#engine/images/read-image.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { dragFiles } from '../fixtures/browser/drag-files.ts';
import { standIn } from '../fixtures/browser/stand-in.ts';
import { taskTimes } from '../fixtures/browser/task-times.ts';
import { gradient } from '../fixtures/images/odd-images.ts';
import { writeShortVideos } from '../fixtures/short-videos.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let files: Awaited<ReturnType<typeof temporaryFolder>>;
let picture: string;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  files = await temporaryFolder();
  picture = at('gradient.png');
  await mkdir(at('images'));
  await writeShortVideos(files.path, { 'clip.mp4': 2 });
  await writeFile(at('moving.gif'), await gradient(60, 40).gif().toBuffer());
  for (const path of [picture, at('other.png'), at('images/a.png')]) {
    await writeFile(path, await gradient(300, 200).png().toBuffer());
  }
});
afterAll(() => files?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ files: [picture] }));

const FRAME_MS = 1000 / 60;

const at = (name: string) => join(files.path, name);

async function choose(page: Page, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Open( an image)?…$/ }).click();
  await (await chooser).setFiles(path);
}
const groups = (page: Page) => page.getByText(/^Group \d: blocks/);
const ratios = (page: Page) => page.locator('.ratio').allTextContents();
/** Colour in the middle of a picture's patch, of eight by eight. */
const colourIn = (page: Page, name: string, row: number, column: number) =>
  page
    .getByRole('img', { name })
    .locator('canvas')
    .evaluate(
      (canvas: HTMLCanvasElement, [y, x]) => {
        const at = (place: number) => Math.floor(((place + 0.5) * canvas.width) / 8);
        return [...(canvas.getContext('2d')?.getImageData(at(x), at(y), 1, 1).data.subarray(0, 3) ?? [])];
      },
      [row, column] as const,
    );

/** Share of a picture's pixels that are not clear. */
const opaqueIn = (page: Page, name: string) =>
  page
    .getByRole('img', { name })
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const alphas = [...data].filter((_, at) => at % 4 === 3);
      return alphas.filter((alpha) => alpha === 255).length / alphas.length;
    });
const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click();
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

describeInBrowser('an image that is opened', () => {
  test('is shown on its screen: with the program, and dropped on any other one', async () => {
    await using shown = await app.open();
    const { page, complaints } = shown;
    await heading(page, 'gradient.png').waitFor();
    for (const [screen, name] of [
      ['Analyse', 'other.png'],
      ['Queue', 'gradient.png'],
      ['Models', 'other.png'],
    ] as const) {
      await goTo(page, screen);
      const dragged = await dragFiles(page, [at(name)]);
      await page.getByText('Drop to look at the image').waitFor();
      await dragged.drop();
      await heading(page, name).waitFor();
    }
    expect(await page.getByRole('alert').count()).toBe(0);
    // Recent videos are videos.
    await goTo(page, 'Settings');
    await page.getByText('None. Videos that you open are listed here').waitFor();
    expect(complaints).toEqual([]);
  });

  test('with a video and another image waits on its screen, and what was left out is said', async () => {
    await using shown = await app.open();
    const { page, complaints } = shown;
    await (await dragFiles(page, [at('other.png'), at('clip.mp4'), picture])).drop();
    await heading(page, 'clip.mp4').waitFor({ timeout: 20_000 });
    const note = page
      .getByRole('status')
      .filter({ hasText: 'other.png is open on the Image screen, the first of 2 images.' });
    await note.waitFor();
    expect(await violationsOf(page, '.notes')).toEqual([]);
    await note.getByRole('button', { name: 'Show it' }).click();
    await heading(page, 'other.png').waitFor();
    await note.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => note.count()).toBe(0);
    // A video that is dropped here is opened where videos are.
    await (await dragFiles(page, [at('clip.mp4')])).drop();
    await heading(page, 'clip.mp4').waitFor();
    expect(complaints).toEqual([]);
  });

  test('is chosen in a dialog of the system on the desktop', async () => {
    const chosenImage = await app.served.server.supervisor.grant(picture);
    await using shown = await app.open({
      async prepare(one) {
        await one.addInitScript(await standIn('desktop-stand-in'));
        await one.addInitScript((image) => Object.assign(globalThis, { chosenImage: image }), chosenImage);
      },
    });
    const { page } = shown;
    await goTo(page, 'Image');
    await page.getByRole('button', { name: 'Open an image…' }).click();
    await heading(page, 'gradient.png').waitFor();
  });

  test('is a GIF, on its screen alone', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await (await dragFiles(page, [at('moving.gif')])).drop();
    await page.locator('video').waitFor({ state: 'attached', timeout: 20_000 });
    await goTo(page, 'Image');
    await (await dragFiles(page, [at('moving.gif')])).drop();
    await page.getByText('60×40 · gif').waitFor();
  });

  test('is not looked for in a folder, and that is said', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await (await dragFiles(page, [at('images')])).drop();
    await page.getByRole('alert').getByText('There are images in that folder, and no videos.').waitFor();
  });
});

describeInBrowser('the Image screen', () => {
  test('shows prediction, maps with a divider, and what each group keeps, with thresholds that act at once', async () => {
    await using shown = await app.open({ viewport: { width: 1280, height: 900 } });
    const { page, complaints } = shown;
    await page.keyboard.press('Control+3');
    await page.getByRole('heading', { name: 'Open an image to see what the model keeps of it' }).waitFor();
    await choose(page, picture);

    await page.getByRole('heading', { name: 'gradient.png' }).waitFor();
    await expect.poll(() => groups(page).count(), { timeout: 30_000 }).toBe(3);
    await page.getByRole('list', { name: 'Predictions from the kept patches' }).getByRole('listitem').first().waitFor();
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Right' }).locator('option').count(), { timeout: 30_000 })
      .toBe(10);
    await page.getByRole('img', { name: 'Interpreter 2, to the right of the divider' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);

    // In its own shape, whatever square the model is given.
    const box = await page.getByRole('img', { name: 'Interpreter 2, to the right of the divider' }).boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(300 / 200, 1);
    await page.getByText('300×200 · png · seen as 112×112').waitFor();
    // The left of the image is blue, whatever the map on the right of the divider says.
    expect(await colourIn(page, 'The image, to the left of the divider', 0, 0)).toEqual(
      [15, 15, 239].map((value) => expect.closeTo(value, -1.5)),
    );
    await page.getByRole('combobox', { name: 'Left' }).selectOption('random');
    await page.getByRole('img', { name: 'Random, to the left of the divider' }).waitFor();
    const divider = page.getByRole('slider', { name: 'Divider between the maps' });
    await divider.fill('30');
    expect(await divider.getAttribute('aria-valuetext')).toContain('30 % Random');
    if (process.env.PATCHLIGHT_PICTURES)
      await page.screenshot({ path: join(process.env.PATCHLIGHT_PICTURES, 'image.png') });

    const before = await ratios(page);
    await page.getByRole('slider', { name: 'Threshold' }).nth(1).fill('1');
    await expect.poll(() => ratios(page), { timeout: 20_000 }).toEqual([before[0], '0 %', '0 %']);
    expect(await opaqueIn(page, 'What group 2 keeps: 0 %')).toBe(0);
    await page.getByRole('slider', { name: 'Threshold' }).first().fill('0');
    await expect.poll(() => ratios(page), { timeout: 20_000 }).toEqual(['100 %', '0 %', '0 %']);
    expect(await opaqueIn(page, 'What group 1 keeps: 100 %')).toBe(1);

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'PNG' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe('gradient.hierarchical.png');
    const path = at('saved.png');
    await download.saveAs(path);
    // Three times the side of the images that the shipped model sees.
    expect((await readImage(path)).height).toBe(336);
    const drawing = page.waitForEvent('download');
    await page.getByRole('button', { name: 'SVG' }).click();
    await (await drawing).saveAs(at('saved.svg'));
    expect(await readFile(at('saved.svg'), 'utf8')).toContain('>100 %<');
    expect(complaints).toEqual([]);
  });

  test('says what is wrong with a file that is no image, and takes the next one', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await page.keyboard.press('Control+3');
    const broken = at('broken.png');
    await writeFile(broken, 'no image');
    await choose(page, broken);
    await page.getByRole('alert').getByText('broken.png is no image that can be read.').waitFor();
    await choose(page, picture);
    await page.getByRole('heading', { name: 'gradient.png' }).waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);

    // What was shown before a broken one stays whole, and can be worked with.
    await expect.poll(() => groups(page).count(), { timeout: 30_000 }).toBe(3);
    await choose(page, broken);
    await page.getByRole('alert').getByText('broken.png is no image that can be read.').waitFor();
    await heading(page, 'gradient.png').waitFor();
    expect(await groups(page).count()).toBe(3);
    await page.getByRole('slider', { name: 'Threshold' }).first().fill('1');
    await expect.poll(() => ratios(page), { timeout: 20_000 }).toEqual(['0 %', '0 %', '0 %']);
  });

  test('never works for half a frame while a threshold is moved', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await (await dragFiles(page, [picture])).drop();
    const maps = page.getByRole('combobox', { name: 'Right' }).locator('option');
    await expect.poll(() => maps.count(), { timeout: 30_000 }).toBe(10);
    const slider = page.getByRole('slider', { name: 'Threshold' }).first();
    const pictures = new Set<string>();
    /** Lets the slider rest for long enough to be followed, and notes what was drawn. */
    const move = async (threshold: number) => {
      await slider.evaluate((input: HTMLInputElement, value) => {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }, threshold);
      await page.waitForTimeout(130);
      pictures.add((await page.locator('.ratio').allTextContents()).join());
    };
    // What runs for the first time is compiled.
    for (const threshold of [0.3, 0.35]) await move(threshold);
    pictures.clear();
    const times = await taskTimes(page, async () => {
      for (let step = 0; step < 15; step++) await move(0.4 + 0.015 * step);
    });
    expect(pictures.size).toBeGreaterThan(5);
    const longest = Math.max(...times);
    console.info(`Of ${times.length} tasks the longest took ${longest.toFixed(1)} ms.`);
    expect(longest).toBeLessThan(FRAME_MS / 2);
  });
});
