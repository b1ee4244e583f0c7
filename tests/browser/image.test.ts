import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { readImage } from '#engine/images/read-image.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { gradient } from '../fixtures/images/odd-images.ts';

let picture: string;
const app = appInBrowser();
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  picture = at('gradient.png');
  await writeFile(picture, await gradient(300, 200).png().toBuffer());
});

const at = (name: string) => join(app.served.data, name);

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

describeInBrowser('the Image screen', () => {
  test('shows prediction, maps with a divider, and what each group keeps, with thresholds that act at once', async () => {
    await using shown = await app.open({ viewport: { width: 1280, height: 900 } });
    const { page, complaints } = shown;
    await page.keyboard.press('Control+5');
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
    await page.getByRole('slider', { name: 'Threshold' }).first().fill('0');
    await expect.poll(() => ratios(page), { timeout: 20_000 }).toEqual(['100 %', '0 %', '0 %']);

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
    await page.keyboard.press('Control+5');
    const broken = at('broken.png');
    await writeFile(broken, 'no image');
    await choose(page, broken);
    await page.getByRole('alert').getByText('broken.png is no image that can be read.').waitFor();
    await choose(page, picture);
    await page.getByRole('heading', { name: 'gradient.png' }).waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });
});
