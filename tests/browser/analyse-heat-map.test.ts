import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scoreRange, shareOf } from '#contract/overlay/score-range.ts';
import { viridis } from '#contract/overlay/viridis.ts';
import { SCORE_MAPS } from '#contract/score-maps.ts';
import type { SettingsChange } from '#contract/settings.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { mapName } from '../../renderer/src/text/map-name.ts';
import { tinyBundle } from '../fixtures/analysis.ts';
import { focusPage, openSample, poll } from '../fixtures/browser/analyse-screen.ts';
import { toldScores } from '../fixtures/browser/analysed-sample.ts';
import { appInBrowser, linkIs } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';
import { middleOf, patchesOf, pixelsAt } from '../fixtures/browser/overlay-pixels.ts';

const SCREENSHOTS = join(import.meta.dirname, '../../dist/screenshots');
const app = appInBrowser();
const settings: SettingsChange = {
  overlay: { mode: 'heat', opacity: 1 },
  heatMap: 'selection',
  model: null,
  selector: {},
  strideSeconds: null,
  views: 3,
};

const mapChoice = (page: Page) => page.getByRole('combobox', { name: 'Map', exact: true });
const description = (page: Page) => page.locator('.stage canvas').first().getAttribute('aria-label');

describeInBrowser('the heat map', () => {
  test('shows the scores of each map that the model has, and says whose they are', async () => {
    await using shown = await app.open({ settings });
    const { page, engine, complaints } = shown;
    await openSample(page);
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: 'Centre' });
    const { job, scores } = await toldScores(engine);
    const view = scores.get('0/center')!;
    const patches = patchesOf(view);
    const places = patches.map((patch) => middleOf(patch, view));
    expect(await mapChoice(page).getByRole('option').allTextContents()).toEqual([
      ...['Selection', 'Interpreter', 'Random', 'Frame difference', 'Saliency', 'Attention rollout'],
    ]);
    for (const map of SCORE_MAPS) {
      await mapChoice(page).selectOption({ label: mapName(map) });
      const { views } = await engine.analysis.scoreMap({ job, clip: 0, map });
      const all = views.map((one) => one.scores);
      const range = scoreRange(map, all);
      const expected = patches.map((patch) => viridis(shareOf(all[0]![patch * view.frameSeconds.length]!, range)));
      const furthest = async () => {
        const pixels = await pixelsAt(page, places);
        return Math.max(
          ...pixels.flatMap((pixel, i) => expected[i]!.map((channel, c) => Math.abs(channel - pixel[c]!))),
        );
      };
      // A step of the colour map, which has 256.
      await poll(furthest, map).toBeLessThanOrEqual(3);
      expect(await description(page)).toMatch(`Heat map of ${mapName(map).toLowerCase()}, Centre`);
      expect(await page.locator('.stage .legend').first().textContent()).toContain(mapName(map).toLowerCase());
    }
    await mapChoice(page).selectOption({ label: 'Selection' });
    await poll(() => description(page)).toMatch('Heat map of scores, Centre');
    expect(complaints).toEqual([]);
  });

  test('is chosen by a key, and remembered', async () => {
    await using shown = await app.open({ settings: { ...settings, overlay: { mode: 'kept', opacity: 0.7 } } });
    const { page, engine, complaints } = shown;
    await openSample(page);
    expect(await mapChoice(page).count()).toBe(0);
    // The first one shows the heat map.
    for (const _ of ['Selection', ...SCORE_MAPS]) await page.keyboard.press('h');
    await poll(() => mapChoice(page).inputValue()).toBe('attention-rollout');
    await poll(() => description(page)).toMatch('Heat map of attention rollout, all crops');
    expect(await violationsOf(page)).toEqual([]);
    // For people to look at, when a run is over.
    await page.screenshot({ path: join(SCREENSHOTS, 'heat-map.png') });
    expect((await engine.settings.read()).heatMap).toBe('attention-rollout');
    await page.reload();
    await linkIs(page, 'ready');
    await openSample(page);
    await poll(() => description(page)).toMatch('Heat map of attention rollout, all crops');
    await focusPage(page);
    await page.keyboard.press('h');
    await poll(() => description(page)).toMatch('Heat map of scores, all crops');
    expect(complaints).toEqual([]);
  });

  test('is that of the selection where the model has no such map, and a failure is told with what to do', async () => {
    const { manifest } = await tinyBundle();
    const model = join(app.served.data, 'models', 'without-interpreter');
    await createRandomBundle(model, manifest.architecture, {
      ...{ seed: 1, selection: null, title: 'Without an interpreter', samplingRate: 8 },
    });
    const chosen = { model: 'without-interpreter', heatMap: 'interpreter', views: 1, strideSeconds: 4 } as const;
    await using shown = await app.open({ settings: { ...settings, ...chosen } });
    const { page } = shown;
    await openSample(page);
    await poll(() => mapChoice(page).inputValue()).toBe('selection');
    await poll(() => mapChoice(page).getByRole('option', { name: 'Interpreter' }).count()).toBe(0);
    await mapChoice(page).selectOption({ label: 'Saliency' });
    await poll(() => description(page)).toMatch('Heat map of saliency, all crops');

    await rm(model, { recursive: true });
    await mapChoice(page).selectOption({ label: 'Attention rollout' });
    await page.getByRole('alert').getByText('without-interpreter').waitFor();
    // Not the scores of the map before.
    await poll(() => description(page)).toBe('Heat map of attention rollout: no scores here');
    await mapChoice(page).selectOption({ label: 'Saliency' });
    await poll(() => page.getByRole('alert').count()).toBe(0);
    await poll(() => description(page)).toMatch('Heat map of saliency, all crops');
  });
});
