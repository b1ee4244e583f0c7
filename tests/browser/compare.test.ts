import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ownSpans } from '#contract/intervals.ts';
import { analyseSample, type ToldClip } from '../fixtures/browser/analysed-sample.ts';
import { appInBrowser, type OpenedPage } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

/** Clips that show the end of one action and the beginning of the next are those on which crops differ. */
const settings = { strideSeconds: 0.5, views: 3 } as const;

const PATIENCE = { timeout: 10_000 };

const app = appInBrowser();

const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click();
const heading = (page: Page) => page.getByRole('heading', { name: /^Clip \d/ });
const shownClip = async (page: Page) => Number(/^Clip (\d+)/.exec(await heading(page).innerText())?.[1]) - 1;
const shows = (page: Page, index: number) => expect.poll(() => shownClip(page), PATIENCE).toBe(index);
const spaced = (text: string) => text.replace(/\s+/g, ' ').trim();

const differing = (clips: readonly ToldClip[]) => clips.filter(({ result }) => result.threeClip?.agrees === false);
const labels = ({ result }: ToldClip) => `${result.oneClip.top[0]!.label} → ${result.threeClip!.top[0]!.label}`;

async function compared(): Promise<{ readonly opened: OpenedPage; readonly clips: readonly ToldClip[] }> {
  const opened = await app.open({ colorScheme: 'dark', settings });
  const clips = await analyseSample(opened);
  await goTo(opened.page, 'Compare');
  await heading(opened.page).waitFor();
  return { opened, clips };
}

describeInBrowser('Compare', () => {
  test('says what it is for while there is nothing to compare', async () => {
    await using opened = await app.open();
    const { page, complaints } = opened;
    await goTo(page, 'Compare');
    await page.getByRole('heading', { name: 'Nothing to compare yet' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('offers three clips where one was used, and then compares', async () => {
    await using opened = await app.open({ settings: { ...settings, views: 1 } });
    const { page } = opened;
    const clips = await analyseSample(opened);
    expect(clips.every(({ result }) => result.threeClip === undefined)).toBe(true);
    await goTo(page, 'Compare');
    await page.getByRole('button', { name: 'Analyse with three clips' }).click();
    await heading(page).waitFor();
    expect(await shownClip(page)).toBe(0);
  });

  test('sums the video up as its clips do', async () => {
    const { opened, clips } = await compared();
    await using _ = opened;
    const { page, complaints } = opened;
    const agreeing = clips.length - differing(clips).length;
    expect(differing(clips).length).toBeGreaterThan(1);
    const figure = async (name: string) => spaced(await page.locator('dl > div').filter({ hasText: name }).innerText());
    expect(await figure('Agreement')).toContain(`${((100 * agreeing) / clips.length).toFixed(1)} %`);
    expect(await figure('Agreement')).toContain(`${agreeing} of ${clips.length} clips`);
    const gmacs = (crops: readonly string[]) =>
      clips.reduce(
        (sum, { result }) =>
          sum + result.views.filter(({ crop }) => crops.includes(crop)).reduce((all, view) => all + view.gmacs, 0),
        0,
      ) / clips.length;
    const [one, three] = [gmacs(['center']), gmacs(['left', 'center', 'right'])];
    expect(await figure('Cost')).toContain(`${(three / one).toFixed(2)} ×`);
    expect(await figure('Cost')).toContain(`${three.toFixed(2)} instead of ${one.toFixed(2)} GMACs`);
    expect(await page.getByRole('main').innerText()).toContain('motions-tiny');
    expect(complaints).toEqual([]);
  });

  test('counts which class became which', async () => {
    const { opened, clips } = await compared();
    await using _ = opened;
    const counts = new Map<string, number>();
    for (const clip of differing(clips)) counts.set(labels(clip), (counts.get(labels(clip)) ?? 0) + 1);
    const rows = opened.page.getByRole('region', { name: 'Where they differ' }).getByRole('button');
    const found = new Map<string, number>();
    for (const row of await rows.all()) {
      const [one = '', three = ''] = await row.locator('.class').allInnerTexts();
      found.set(`${one.trim()} → ${three.trim()}`, Number.parseInt(await row.locator('.count').innerText(), 10));
    }
    expect(found).toEqual(counts);
    // The first row may be that of the clip on screen already; the last one leads to another.
    const last = (await rows.last().locator('.class').allInnerTexts()).map((one) => one.trim()).join(' → ');
    const wanted = differing(clips).find((clip) => labels(clip) === last)!.result.index;
    expect(wanted).not.toBe(await shownClip(opened.page));
    await rows.last().click();
    await shows(opened.page, wanted);
    expect(await rows.last().getAttribute('aria-current')).toBe('true');
  });

  test('shows the answers of every crop and of all together', async () => {
    const { opened, clips } = await compared();
    await using _ = opened;
    const { views, threeClip } = clips[0]!.result;
    const answers = [
      ...views.map(({ crop, top }) => [{ left: 'Left', center: 'Centre', right: 'Right' }[crop], top] as const),
      ['Average', threeClip!.top] as const,
    ];
    for (const [name, top] of answers) {
      const answer = opened.page.getByRole('region', { name }).filter({ hasNot: opened.page.getByRole('region') });
      const texts = await answer.getByRole('listitem').allInnerTexts();
      expect(texts.map(spaced), name).toEqual(
        top.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`),
      );
    }
  });

  test('leads from disagreement to disagreement by key and by button, and from there to Analyse', async () => {
    const { opened, clips } = await compared();
    await using _ = opened;
    const { page } = opened;
    const indices = differing(clips).map(({ index }) => index);
    for (const index of indices.filter((index) => index > 0)) {
      await page.keyboard.press('d');
      await shows(page, index);
      await page.getByText('one clip and three differ').waitFor();
    }
    const next = page.getByRole('button', { name: 'Next disagreement' });
    expect(await next.isDisabled()).toBe(true);
    await page.keyboard.press('Shift+D');
    await shows(page, indices.at(-2)!);
    await next.click();
    await shows(page, indices.at(-1)!);

    await page.getByRole('button', { name: 'Show in Analyse' }).click();
    const lanes = page.getByRole('slider', { name: 'Position in the video' });
    const { startSeconds, endSeconds } = ownSpans(clips)[indices.at(-1)!]!;
    const seconds = async () => Number(await lanes.getAttribute('aria-valuenow'));
    await expect.poll(seconds, PATIENCE).toBeGreaterThanOrEqual(startSeconds);
    expect(await seconds()).toBeLessThan(endSeconds);
    await goTo(page, 'Compare');
    await shows(page, indices.at(-1)!);
  });

  test('has every clip in a list that keys move through', async () => {
    const { opened, clips } = await compared();
    await using _ = opened;
    const { page } = opened;
    const list = page.getByRole('listbox', { name: 'Clips' });
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await shows(page, 2);
    await page.keyboard.press('End');
    await shows(page, clips.length - 1);
    expect(await list.getByRole('option', { selected: true }).innerText()).toContain(String(clips.length));
    await page.getByRole('radio', { name: /^Disagreements/ }).check({ force: true });
    await list.focus();
    await page.keyboard.press('Home');
    await shows(page, differing(clips)[0]!.index);
  });

  test.each(['dark', 'light'] as const)(
    'has nothing wrong with it for axe, %s, and fits 900 pixels',
    async (colorScheme) => {
      await using opened = await app.open({ colorScheme, settings });
      const { page } = opened;
      await analyseSample(opened);
      await goTo(page, 'Compare');
      await heading(page).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 900, height: 700 });
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(900);
    },
  );
});
