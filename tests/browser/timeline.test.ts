import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type ActionInterval, actionIntervals, DEFAULT_INTERVAL_RULE, type TimeSpan } from '#contract/intervals.ts';
import { lookOf } from '../../renderer/src/timeline/class-look.ts';
import { spanText, timeText } from '../../renderer/src/timeline/time-text.ts';
import { analyseSample, type ToldClip } from '../fixtures/browser/analysed-sample.ts';
import { appInBrowser, type OpenedPage } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

/** Clips overlap, and there are enough of them for actions that last longer than one. */
const settings = { strideSeconds: 0.5, intervals: DEFAULT_INTERVAL_RULE };
/** The sample has 30 frames a second, and a player lands on frames. */
const FRAME_SECONDS = 1 / 30;

const PATIENCE = { timeout: 10_000 };

const app = appInBrowser();

const lanes = (page: Page) => page.getByRole('slider', { name: 'Position in the video' });
const overview = (page: Page) => page.getByRole('scrollbar', { name: 'Part of the video that the timeline shows' });
const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' });
const position = async (page: Page) => Number(await lanes(page).getAttribute('aria-valuenow'));
const duration = async (page: Page) => Number(await lanes(page).getAttribute('aria-valuemax'));
const cent = (seconds: number) => Math.round(100 * seconds) / 100;

/** Waits until the playhead is at a moment, up to a frame. */
const arrives = (page: Page, seconds: number) =>
  expect
    .poll(async () => Math.abs((await position(page)) - seconds), { ...PATIENCE, message: `at ${seconds} s` })
    .toBeLessThanOrEqual(1.01 * FRAME_SECONDS);

/** What the timeline shows, to a tenth of a second. */
async function shown(page: Page): Promise<TimeSpan> {
  const text = (await overview(page).getAttribute('aria-valuetext')) ?? '';
  const [startSeconds = 0, endSeconds = 0] = text.split(' – ').map((time) => {
    const [minutes = 0, seconds = 0] = time.split(':').map(Number);
    return 60 * minutes + seconds;
  });
  return { startSeconds, endSeconds };
}

const length = async (page: Page) => {
  const { startSeconds, endSeconds } = await shown(page);
  return cent(endSeconds - startSeconds);
};

/** A point of the lanes on screen. */
async function pointOf(page: Page, share: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = await lanes(page).boundingBox();
  if (box === null) throw new Error('The timeline is not on screen.');
  return { x: box.x + share * box.width, y: box.y + 50 };
}

/** A page with the sample analysed; the player stands at the beginning. */
async function analysed(): Promise<{ readonly opened: OpenedPage; readonly clips: readonly ToldClip[] }> {
  const opened = await app.open({ colorScheme: 'dark', settings });
  const clips = await analyseSample(opened);
  return { opened, clips };
}

const lineOf = (interval: ActionInterval, label: string) =>
  `${spanText(interval)} ${label} ${(100 * interval.probability).toFixed(0)} %`;

function labelOf(clips: readonly ToldClip[], classIndex: number): string {
  const seen = clips.flatMap(({ result }) => [...result.views, ...(result.threeClip ? [result.threeClip] : [])]);
  return seen.flatMap(({ top }) => top).find(({ index }) => index === classIndex)?.label ?? '';
}

describeInBrowser('the timeline', () => {
  test('lists the actions that the clips make, and each leads to its beginning', async () => {
    const { opened, clips } = await analysed();
    await using _ = opened;
    const { page, complaints } = opened;
    const intervals = actionIntervals(clips, DEFAULT_INTERVAL_RULE);
    expect(intervals.length).toBeGreaterThan(3);
    await timeline(page).getByRole('button', { name: 'List', exact: true }).click();
    const listed = page.getByRole('list', { name: 'Actions' }).getByRole('button');
    const texts = (await listed.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts).toEqual(intervals.map((interval) => lineOf(interval, labelOf(clips, interval.classIndex))));
    await listed.nth(3).click();
    await arrives(page, intervals[3]!.startSeconds);
    expect(complaints).toEqual([]);
  });

  test('draws each action where it is, in the colour of its class', async () => {
    const { opened, clips } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const length = await duration(page);
    const intervals = actionIntervals(clips, DEFAULT_INTERVAL_RULE);
    const places = intervals.map(({ classIndex, startSeconds, endSeconds }) => ({
      share: (startSeconds + endSeconds) / 2 / length,
      token: `--category-${lookOf(classIndex).category}`,
    }));
    const found = await lanes(page)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement, wanted) => {
        const context = canvas.getContext('2d')!;
        const probe = document.body.appendChild(document.createElement('span'));
        return wanted.map(({ share, token }) => {
          probe.style.color = `var(${token})`;
          const colour = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
          const column = context.getImageData(Math.round(share * canvas.width), 22, 1, 40).data;
          return Array.from({ length: 40 }, (_, y) => column.slice(4 * y, 4 * y + 3)).some((pixel) =>
            pixel.every((value, channel) => Math.abs(value - colour[channel]!) <= 1),
          );
        });
      }, places);
    expect(found).toEqual(places.map(() => true));
  });

  test('is sought in by a click and by dragging', async () => {
    const { opened } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const length = await duration(page);
    const [from, to] = [await pointOf(page, 0.25), await pointOf(page, 0.7)];
    await page.mouse.click(from.x, from.y);
    await arrives(page, 0.25 * length);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 8 });
    await page.mouse.up();
    await arrives(page, 0.7 * length);
    await expect
      .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime), PATIENCE)
      .toBeCloseTo(0.7 * length, 0);
  });

  test('is moved through by keys, and Space plays all the same', async () => {
    const { opened, clips } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const intervals = actionIntervals(clips, DEFAULT_INTERVAL_RULE);
    await lanes(page).focus();
    await page.keyboard.press('ArrowRight');
    await arrives(page, 1);
    await page.keyboard.press('PageUp');
    await arrives(page, intervals.find(({ startSeconds }) => startSeconds > 1 + FRAME_SECONDS)!.startSeconds);
    await page.keyboard.press('End');
    await arrives(page, (await duration(page)) - FRAME_SECONDS);
    await page.keyboard.press('Home');
    await arrives(page, 0);
    expect(await lanes(page).getAttribute('aria-valuetext')).toContain(timeText(0));
    await page.keyboard.press('Space');
    await expect.poll(() => position(page), PATIENCE).toBeGreaterThan(0.3);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('slider');
  });

  test('is zoomed around the playhead by keys, and follows it while it plays', async () => {
    const { opened } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const whole = await length(page);
    const middle = await pointOf(page, 0.5);
    await page.mouse.click(middle.x, middle.y);
    for (let i = 0; i < 5; i++) await page.keyboard.press('=');
    await expect.poll(() => length(page), PATIENCE).toBeLessThan(whole / 8);
    const { startSeconds, endSeconds } = await shown(page);
    expect((startSeconds + endSeconds) / 2).toBeCloseTo(await position(page), 0);
    await page.keyboard.press('Space');
    await expect.poll(async () => (await shown(page)).startSeconds, PATIENCE).toBeGreaterThan(endSeconds - 0.3);
    await page.keyboard.press('Space');
    await page.keyboard.press('-');
    await expect.poll(() => length(page), PATIENCE).toBeGreaterThan(whole / 8);
    await page.keyboard.press('0');
    await expect.poll(() => length(page), PATIENCE).toBe(whole);
  });

  test('is zoomed by the wheel around the pointer, and moved by it, by hand and by its strip', async () => {
    const { opened } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const whole = await length(page);
    const { x, y } = await pointOf(page, 0.25);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -700);
    await expect.poll(() => length(page), PATIENCE).toBeLessThan(whole / 3);
    const zoomed = await shown(page);
    const pointed = zoomed.startSeconds + 0.25 * (zoomed.endSeconds - zoomed.startSeconds);
    expect(pointed).toBeCloseTo(0.25 * (await duration(page)), 0);

    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 300);
    await page.keyboard.up('Shift');
    await expect
      .poll(async () => (await shown(page)).startSeconds, PATIENCE)
      .toBeGreaterThan(zoomed.startSeconds + 0.3);

    const wheeled = await shown(page);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(x + 200, y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect.poll(async () => (await shown(page)).startSeconds, PATIENCE).toBeLessThan(wheeled.startSeconds);
    expect(await position(page)).toBe(0);

    const strip = (await overview(page).boundingBox())!;
    await page.mouse.click(strip.x + 0.99 * strip.width, strip.y + strip.height / 2);
    await expect.poll(async () => (await shown(page)).endSeconds, PATIENCE).toBeCloseTo(await duration(page), 1);
    await overview(page).focus();
    await page.keyboard.press('Home');
    await expect.poll(async () => (await shown(page)).startSeconds, PATIENCE).toBe(0);
    expect(await position(page)).toBe(0);
  });

  test('shows the probabilities of classes that are sought by name', async () => {
    const { opened, clips } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const legend = page.getByRole('list', { name: 'Classes of the probability lane' }).getByRole('listitem');
    expect(await legend.count()).toBe(4);
    await timeline(page).getByRole('button', { name: 'Classes', exact: true }).click();
    await page.keyboard.type('cartwh');
    await page.getByRole('checkbox', { name: 'cartwheel' }).check();
    await page.keyboard.press('Escape');
    expect(await legend.count()).toBe(5);
    const details = await opened.engine.models.details({ name: 'motions-tiny' });
    const probability = clips[0]!.probabilities[details.labels.indexOf('cartwheel')]!;
    const text = (await legend.last().innerText()).replace(/\s+/g, ' ');
    expect(text).toBe(`cartwheel ${(100 * probability).toFixed(0)} %`);
  });

  test('makes actions of clips by the rule that is chosen, and remembers it', async () => {
    const { opened, clips } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const listed = async () => {
      await timeline(page).getByRole('button', { name: 'List', exact: true }).click();
      const count = await page.getByRole('list', { name: 'Actions' }).getByRole('button').count();
      await page.keyboard.press('Escape');
      return count;
    };
    const smoothing = { kind: 'median', clips: 3 } as const;
    await timeline(page).getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('radio', { name: 'Median' }).check({ force: true });
    await page.keyboard.press('Escape');
    expect(await listed()).toBe(actionIntervals(clips, { ...DEFAULT_INTERVAL_RULE, smoothing }).length);
    await timeline(page).getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('slider', { name: 'At least' }).fill('0.6');
    await page.keyboard.press('Escape');
    expect(await listed()).toBe(actionIntervals(clips, { smoothing, minimumProbability: 0.6 }).length);
    const remembered = async () => (await opened.engine.settings.read()).intervals;
    await expect.poll(remembered).toEqual({ basis: 'threeClip', smoothing, minimumProbability: 0.6 });
  });

  test('tells what is under the pointer', async () => {
    const { opened, clips } = await analysed();
    await using _ = opened;
    const { page } = opened;
    const { x, y } = await pointOf(page, 0);
    await page.mouse.move(x + 2, y);
    const [best] = clips[0]!.result.threeClip!.top;
    const said = timeline(page).getByText(`clip 1, ${spanText(clips[0]!)}`);
    await said.waitFor();
    const row = timeline(page)
      .getByRole('listitem')
      .filter({ hasText: `${(100 * best!.probability).toFixed(1)} %` });
    expect(await row.first().innerText()).toContain(best!.label);
    await page.mouse.move(x, 5);
    await said.waitFor({ state: 'detached' });
  });

  test('has nothing wrong with it for axe, open panels included, at 900 pixels too', async () => {
    const { opened } = await analysed();
    await using _ = opened;
    const { page } = opened;
    await page.setViewportSize({ width: 900, height: 700 });
    for (const name of ['Classes', 'Actions', 'List']) {
      await timeline(page).getByRole('button', { name, exact: true }).click();
      expect(await violationsOf(page, 'section[aria-label="Timeline"]'), name).toEqual([]);
      await page.keyboard.press('Escape');
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(900);
  });
});
