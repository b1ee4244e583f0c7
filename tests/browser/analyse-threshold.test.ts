import { expect, test } from 'vitest';
import { keptTokens } from '#contract/selection.ts';
import { kept, openSample, phaseIs, poll } from '../fixtures/browser/analyse-screen.ts';
import { toldScores } from '../fixtures/browser/analysed-sample.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

const app = appInBrowser();
const settings = { overlay: { mode: 'kept', opacity: 1 }, selector: {}, strideSeconds: null, views: 3 } as const;

describeInBrowser('the threshold', () => {
  test('is followed by the patches at once, by the prediction soon, and by all clips when it is applied', async () => {
    await using shown = await app.open({ settings });
    const { page, engine, complaints } = shown;
    await openSample(page);
    const { job, scores } = await toldScores(engine);
    const views = (['left', 'center', 'right'] as const).map((crop) => scores.get(`0/${crop}`)!);
    const share = (threshold: number) => {
      const tokens = views.map((view) => keptTokens(view.scores, { kind: 'threshold', threshold }).length);
      return Math.round((1000 * tokens.reduce((a, b) => a + b)) / (3 * views[0]!.scores.length)) / 10;
    };
    const model = (await engine.models.list()).find((one) => one.name === 'motions-tiny');
    const own = (model?.state === 'usable' ? model.threshold : null) ?? Number.NaN;
    expect(await kept(page)).toBe(share(own));
    const lower = own - 10 * 0.02;

    for (let press = 0; press < 10; press++) await page.keyboard.press('[');
    await poll(() => kept(page)).toBe(share(lower));
    const answer = await engine.analysis.reselect({
      job,
      clip: 0,
      selector: { name: 'interpreter', threshold: lower },
    });
    const best = answer.clip.threeClip!.top[0]!;
    const bars = page.getByRole('list', { name: 'Best classes of this clip' }).getByRole('listitem');
    await poll(() => bars.first().textContent()).toMatch(
      new RegExp(`^${best.label}.*${(100 * best.probability).toFixed(1)} %`),
    );
    await page.getByTestId('agreement').getByText('other patches').waitFor();

    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByTestId('agreement').getByText('other patches').waitFor({ state: 'detached' });
    await phaseIs(page, 'done');
    const { selector } = await engine.settings.read();
    expect(selector).toEqual({ name: 'interpreter', threshold: expect.closeTo(lower, 5) });
    const told = await toldScores(engine);
    const tokens = [...told.scores.values()];
    const all = tokens.reduce((sum, view) => sum + view.kept.length, 0) / (tokens.length * tokens[0]!.scores.length);
    await page
      .getByRole('list', { name: 'Figures of the analysis' })
      .getByText(`${(100 * all).toFixed(1)} % kept`)
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('can be taken back, and other selectors tried on one clip', async () => {
    await using shown = await app.open({ settings });
    const { page } = shown;
    await openSample(page);
    const before = await kept(page);
    const bars = page.getByRole('list', { name: 'Best classes of this clip' });
    const answer = await bars.textContent();
    await page.getByRole('combobox', { name: 'Chosen by' }).selectOption({ label: 'Chance' });
    await poll(() => kept(page)).toBe(50);
    await page.getByTestId('agreement').getByText('other patches').waitFor();
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('3');
    await page.getByRole('slider', { name: 'Best share' }).fill('0.25');
    await poll(() => kept(page)).toBe(25);
    await page.getByRole('combobox', { name: 'Chosen by' }).selectOption({ label: 'Every patch' });
    await poll(() => kept(page)).toBe(100);
    await page.getByRole('button', { name: 'Revert' }).click();
    await poll(() => kept(page)).toBe(before);
    await poll(() => bars.textContent()).toBe(answer);
  });
});
