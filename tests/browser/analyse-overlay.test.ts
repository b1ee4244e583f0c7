import { expect, test } from 'vitest';
import type { ViewScores } from '#contract/analysis.ts';
import { viridis } from '#contract/overlay/viridis.ts';
import { focusPage, openSample, poll } from '../fixtures/browser/analyse-screen.ts';
import { toldScores } from '../fixtures/browser/analysed-sample.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';
import { inked, middleOf, patchesOf, pixelsAt } from '../fixtures/browser/overlay-pixels.ts';

const app = appInBrowser();
const settings = { overlay: { mode: 'kept', opacity: 1 }, selector: {}, strideSeconds: null, views: 3 } as const;

describeInBrowser('the overlay', () => {
  test('dims what is dropped and leaves what is kept, in every sampled frame of a clip', async () => {
    await using shown = await app.open({ settings });
    const { page, engine } = shown;
    await openSample(page);
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: 'Centre' });
    const { scores } = await toldScores(engine);
    const view = scores.get('0/center')!;
    const frames = view.frameSeconds.length;
    const drops: number[] = [];
    for (let frame = 0; frame < frames; frame++) {
      await page.getByRole('button', { name: new RegExp(`^Sampled frame ${frame + 1},`) }).click();
      await page.getByText(`Scores of frame ${frame + 1} of ${frames}`).waitFor();
      const patches = patchesOf(view);
      const expected = patches.map((patch) => (view.kept.includes(patch * frames + frame) ? 0 : 255));
      drops.push(expected.filter((alpha) => alpha === 255).length);
      const points = patches.map((patch) => middleOf(patch, view));
      await poll(async () => (await pixelsAt(page, points)).map((pixel) => pixel[3])).toEqual(expected);
    }
    // Frames differ, so one for another would have been seen.
    expect(new Set(drops).size).toBeGreaterThan(1);
    expect(shown.complaints).toEqual([]);
  });

  test('paints scores in the colours of viridis, of the crop that is chosen', async () => {
    await using shown = await app.open({ settings });
    const { page, engine } = shown;
    await openSample(page);
    await page.keyboard.press('c');
    await page.keyboard.press('3');
    const { scores } = await toldScores(engine);
    for (const [crop, name] of [
      ['center', 'Centre'],
      ['left', 'Left'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: name });
      const view = scores.get(`0/${crop}`)!;
      const frames = view.frameSeconds.length;
      const patches = patchesOf(view);
      const expected = patches.map((patch) => viridis(view.scores[patch * frames]!));
      const furthest = async () => {
        const pixels = await pixelsAt(
          page,
          patches.map((patch) => middleOf(patch, view)),
        );
        return Math.max(
          ...pixels.flatMap((pixel, i) => expected[i]!.map((channel, c) => Math.abs(channel - pixel[c]!))),
        );
      };
      // A step of the map, which has 256.
      await poll(furthest, crop).toBeLessThanOrEqual(3);
    }
  });

  test('shows the mean of all crops over the whole picture, an outline alone, or nothing', async () => {
    await using shown = await app.open({ settings });
    const { page, engine } = shown;
    await openSample(page);
    await page.keyboard.press('c');
    await page.keyboard.press('3');
    await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: 'All crops' });
    const { scores } = await toldScores(engine);
    const [left, center, right] = (['left', 'center', 'right'] as const).map((crop) => scores.get(`0/${crop}`)!);
    const [width, height] = center!.frameSize;
    // A place that all three crops see.
    const place = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    const scoreAt = ({ origin, frameSeconds, scores: all }: ViewScores) => {
      const patch = Math.floor((place.y - origin[1]) / 16) * 8 + Math.floor((place.x - origin[0]) / 16);
      return all[patch * frameSeconds.length]!;
    };
    const mean = (scoreAt(left!) + scoreAt(center!) + scoreAt(right!)) / 3;
    const middle = { x: (place.x + 0.5) / width, y: (place.y + 0.5) / height };
    const edges = [
      { x: 2 / width, y: 0.5 },
      { x: (width - 2) / width, y: 0.5 },
    ];
    await poll(async () => {
      const [pixel, ...others] = await pixelsAt(page, [middle, ...edges]);
      const distance = Math.max(...viridis(mean).map((channel, c) => Math.abs(channel - pixel![c]!)));
      return distance <= 3 && others.every((one) => one[3] === 255);
    }).toBe(true);

    await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: 'Centre' });
    // One in which there is something to draw a line around.
    const frame = (center!.kept[0] ?? Number.NaN) % center!.frameSeconds.length;
    await page.getByRole('button', { name: new RegExp(`^Sampled frame ${frame + 1},`) }).click();
    await page.getByText(`Scores of frame ${frame + 1} of`).waitFor();
    await focusPage(page);
    await page.keyboard.press('4');
    await poll(async () => {
      const share = await inked(page);
      return share > 0.0005 && share < 0.1;
    }).toBe(true);
    await page.keyboard.press('1');
    await poll(() => inked(page)).toBe(0);
    await page.keyboard.press('c');
    await poll(() => inked(page)).toBeGreaterThan(0.001);
  });
});
