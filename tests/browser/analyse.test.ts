import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ViewScores } from '#contract/analysis.ts';
import { keptTokens } from '#contract/selection.ts';
import type { SettingsChange } from '#contract/settings.ts';
import { BUILT_RENDERER, buildRenderer } from '../../build/renderer.ts';
import { viridis } from '#contract/overlay/viridis.ts';
import { installTinyBundle } from '../fixtures/analysis.ts';
import { H264, readBarCodes, writeBarCodeVideo } from '../fixtures/bar-code-video.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { CHROMIUM, complaintsOf, launchChromium } from '../fixtures/browser/chromium.ts';
import { connectPage, type ServedApp, servedApp } from '../fixtures/served-app.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let videos: Awaited<ReturnType<typeof temporaryFolder>>;
let app: ServedApp;
let browser: Browser;

const STEADY = { frames: 90, rate: '30' };
/** Frames that are a thirtieth of a second apart, and once one and a half seconds. */
const JUMPY = { frames: 24, rate: '30', setpts: 'if(lt(N,5),N,N+45)/30/TB' };

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  await writeBarCodeVideo(join(videos.path, 'steady.mp4'), { ...STEADY, encode: H264 });
  await writeBarCodeVideo(join(videos.path, 'mpeg4.avi'), { ...STEADY, encode: ['-c:v', 'mpeg4', '-q:v', '2'] });
  const { setpts, ...jumpy } = JUMPY;
  await writeBarCodeVideo(join(videos.path, 'jumpy.mp4'), {
    ...jumpy,
    encode: [
      '-vf',
      `settb=1/600,setpts='${setpts}'`,
      '-fps_mode',
      'passthrough',
      '-video_track_timescale',
      '600',
      ...H264,
    ],
  });
  await buildRenderer();
  app = await servedApp({ renderer: BUILT_RENDERER, library: videos.path });
  await installTinyBundle(app.data);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
  await videos?.[Symbol.asyncDispose]();
});

type Engine = Awaited<ReturnType<typeof connectPage>>['engine']['client'];

interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** The engine, asked by somebody else than the page. */
  readonly engine: Engine;
}

async function opened(settings: SettingsChange = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(app.server.url);
  await page.getByTestId('state').filter({ hasText: 'ready' }).waitFor({ state: 'attached' });
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const { engine, shell } = await connectPage(app, cookie);
  const overlay = { mode: 'kept', opacity: 1 } as const;
  await engine.client.settings.change({ overlay, selector: {}, strideSeconds: null, views: 3, ...settings });
  return {
    ...{ page, complaints, engine: engine.client },
    async [Symbol.asyncDispose]() {
      engine.close();
      shell.close();
      await context.close();
    },
  };
}

/** Machines are slow at times; what is waited for is what counts. */
const poll = <Value>(look: () => Value | Promise<Value>, message = '') =>
  expect.poll(look, { timeout: 20_000, message });

const phaseIs = (page: Page, phase: string) =>
  page.getByTestId('phase').filter({ hasText: phase }).waitFor({ timeout: 55_000 });

async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await phaseIs(page, 'done');
  await pictureIsThere(page);
}

async function openOfLibrary(page: Page, name: string): Promise<void> {
  await page.getByRole('region', { name: 'Library' }).getByRole('button', { name }).click();
  await page.getByRole('heading', { name }).waitFor();
  await pictureIsThere(page);
}

const pictureIsThere = (page: Page) =>
  poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThan(1);

const clock = (page: Page) => page.getByTestId('clock').textContent();
const kept = async (page: Page) => Number.parseFloat((await page.getByTestId('kept').textContent()) ?? '');
const overlay = (page: Page) => page.locator('canvas[aria-label*="crop"], .stage canvas').first();

/** A job of the sample, and its scores as `clip/crop`, from the engine itself. */
async function toldScores(engine: Engine): Promise<{ job: string; scores: ReadonlyMap<string, ViewScores> }> {
  const { file } = await engine.videos.openSample();
  const { views, selector, topK } = await engine.settings.read();
  const model = (await engine.models.list()).find((one) => one.state === 'usable' && one.isDefault)?.name ?? '';
  const { job } = await engine.analysis.begin({ file, request: { model, views, selector, topK } });
  const scores = new Map<string, ViewScores>();
  for await (const event of engine.analysis.watch({ job })) {
    if (event.type === 'scores') scores.set(`${event.view.clip}/${event.view.crop}`, event.view as ViewScores);
  }
  return { job, scores };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Middle of a patch of 16 pixels as a share of the picture, from how a view is defined. */
function middleOf(patch: number, { origin, frameSize }: ViewScores): Point {
  const across = 128 / 16;
  return {
    x: (origin[0] + ((patch % across) + 0.5) * 16) / frameSize[0],
    y: (origin[1] + (Math.floor(patch / across) + 0.5) * 16) / frameSize[1],
  };
}

/** What the overlay has at places of the picture: `[red, green, blue, alpha]` each, 0–255. */
function pixelsAt(page: Page, points: readonly Point[]): Promise<readonly (readonly number[])[]> {
  return overlay(page).evaluate((element, points) => {
    const canvas = element as HTMLCanvasElement;
    const video = document.querySelector('video');
    // A copy: whoever reads a canvas often is told to say so, and the page does not.
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext('2d', { willReadFrequently: true });
    if (video === null || context === null) throw new Error('There is no picture.');
    context.drawImage(canvas, 0, 0);
    const scale = Math.min(canvas.width / video.videoWidth, canvas.height / video.videoHeight);
    const left = (canvas.width - scale * video.videoWidth) / 2;
    const top = (canvas.height - scale * video.videoHeight) / 2;
    return points.map(({ x, y }) => [
      ...context.getImageData(left + x * scale * video.videoWidth, top + y * scale * video.videoHeight, 1, 1).data,
    ]);
  }, points);
}

/** The number that the frame in the player carries. */
async function frameNumber(page: Page): Promise<number> {
  const { data, width, height } = await page.locator('video').evaluate((video: HTMLVideoElement) => {
    // One line tells as much as the whole picture.
    const { videoWidth: width, videoHeight } = video;
    const context = new OffscreenCanvas(width, 1).getContext('2d', { willReadFrequently: true });
    context?.drawImage(video, 0, videoHeight / 2, width, 1, 0, 0, width, 1);
    const { data = [] } = context?.getImageData(0, 0, width, 1) ?? {};
    return { data: [...data].filter((_, i) => i % 4 !== 3), width, height: 1 };
  });
  return readBarCodes({ frames: Uint8Array.from(data), width, height })[0] ?? -1;
}

const showsFrame = (page: Page, number: number) => poll(() => frameNumber(page), `frame ${number}`).toBe(number);

/** Somewhere where no control takes the keys. */
const focusPage = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

describe.skipIf(CHROMIUM === undefined)('the overlay', () => {
  test('dims what is dropped and leaves what is kept, in every sampled frame of a clip', async () => {
    await using shown = await opened();
    const { page, engine } = shown;
    await openSample(page);
    await page.keyboard.press('c');
    const { scores } = await toldScores(engine);
    const view = scores.get('0/center')!;
    const frames = view.frameSeconds.length;
    const drops: number[] = [];
    for (let frame = 0; frame < frames; frame++) {
      await page.getByRole('button', { name: new RegExp(`^Sampled frame ${frame + 1},`) }).click();
      await page.getByText(`Scores of frame ${frame + 1} of ${frames}`).waitFor();
      const patches = Array.from({ length: view.scores.length / frames }, (_, patch) => patch);
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
    await using shown = await opened();
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
      const patches = Array.from({ length: view.scores.length / frames }, (_, patch) => patch);
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
    await using shown = await opened();
    const { page, engine } = shown;
    await openSample(page);
    await page.keyboard.press('c');
    await page.keyboard.press('3');
    await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: 'Mean of all' });
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
    const inked = () =>
      overlay(page).evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length / (data.length / 4);
      });
    await page.keyboard.press('4');
    await poll(async () => {
      const share = await inked();
      return share > 0.0005 && share < 0.1;
    }).toBe(true);
    await page.keyboard.press('1');
    await poll(inked).toBe(0);
    await page.keyboard.press('c');
    await poll(inked).toBeGreaterThan(0.001);
  });

  test('is drawn in a fraction of a frame while the video plays', async () => {
    await using shown = await opened();
    const { page } = shown;
    await openSample(page);
    await page.keyboard.press('3');
    await page.getByRole('combobox', { name: 'Scores of' }).selectOption({ label: 'Mean of all' });
    await focusPage(page);
    await page.evaluate(measurePaintings);
    await page.keyboard.press('Space');
    await poll(() => page.evaluate('paintingMs.length')).toBeGreaterThan(40);
    await page.keyboard.press('Space');
    const times = await page.evaluate(() => (window as unknown as { paintingMs: number[] }).paintingMs);
    // Without those in which other programs had the processor.
    const usual = times.toSorted((a, b) => a - b).slice(0, Math.ceil(0.75 * times.length));
    expect(usual.reduce((sum, time) => sum + time, 0) / usual.length).toBeLessThan(4);
  });
});

/** Notes how long each drawing of the overlay takes. */
function measurePaintings(): void {
  const page = window as unknown as { paintingMs: number[] };
  page.paintingMs = [];
  let paints = false;
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    if (this.canvas.closest('.stage') !== null) paints = true;
    clearRect.apply(this, area);
  };
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    ask((now) => {
      paints = false;
      const before = performance.now();
      callback(now);
      if (paints) page.paintingMs.push(performance.now() - before);
    });
}

describe.skipIf(CHROMIUM === undefined)('keys move by frames that are really shown', () => {
  test('where they are as far apart as each other', async () => {
    await using shown = await opened();
    const { page, complaints } = shown;
    await openOfLibrary(page, 'steady.mp4');
    await showsFrame(page, 0);
    for (const number of [1, 2, 3]) {
      await page.keyboard.press('.');
      await showsFrame(page, number);
    }
    expect(await clock(page)).toBe('0:00.10');
    await page.keyboard.press(',');
    await showsFrame(page, 2);
    await page.keyboard.press('End');
    await showsFrame(page, STEADY.frames - 1);
    await page.keyboard.press('.');
    await page.keyboard.press('ArrowLeft');
    await showsFrame(page, STEADY.frames - 1 - 30);
    expect(await clock(page)).toBe('0:01.97');
    await page.keyboard.press('Home');
    await showsFrame(page, 0);
    await page.keyboard.press('ArrowRight');
    await showsFrame(page, 30);
    expect(complaints).toEqual([]);
  });

  test('where they are not', async () => {
    await using shown = await opened();
    const { page } = shown;
    await openOfLibrary(page, 'jumpy.mp4');
    await page.getByText('variable').waitFor();
    await showsFrame(page, 0);
    for (let number = 1; number < 7; number++) {
      await page.keyboard.press('.');
      await showsFrame(page, number);
    }
    for (let number = 5; number >= 3; number--) {
      await page.keyboard.press(',');
      await showsFrame(page, number);
    }
  });

  test('backwards and forwards, at several speeds', async () => {
    await using shown = await opened();
    const { page } = shown;
    await openOfLibrary(page, 'steady.mp4');
    await page.keyboard.press('End');
    await showsFrame(page, STEADY.frames - 1);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByText('−2×').waitFor();
    await poll(() => frameNumber(page)).toBeLessThan(60);
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('Home');
    await showsFrame(page, 0);
    for (let press = 0; press < 3; press++) await page.keyboard.press('l');
    await poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.playbackRate)).toBe(4);
    // It stops at the end by itself.
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await showsFrame(page, STEADY.frames - 1);
  });
});

describe.skipIf(CHROMIUM === undefined)('a video that Chromium does not play', () => {
  test('is analysed at once, and played from a copy with the same frames', async () => {
    await using shown = await opened();
    const { page, complaints } = shown;
    await page.getByRole('region', { name: 'Library' }).getByRole('button', { name: 'mpeg4.avi' }).click();
    await page.getByRole('heading', { name: 'mpeg4.avi' }).waitFor();
    await pictureIsThere(page);
    await showsFrame(page, 0);
    for (const number of [1, 2]) {
      await page.keyboard.press('.');
      await showsFrame(page, number);
    }
    await page.keyboard.press('End');
    await showsFrame(page, STEADY.frames - 1);
    await phaseIs(page, 'done');
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === undefined)('the threshold', () => {
  test('is followed by the patches at once, by the prediction soon, and by all clips when it is applied', async () => {
    await using shown = await opened();
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
    await using shown = await opened();
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

describe.skipIf(CHROMIUM === undefined)('an analysis', () => {
  test('is cancelled and resumed, by key and by button', async () => {
    await using shown = await opened({ strideSeconds: 0.1 });
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

  test('begins with the clip that is looked at', async () => {
    await using shown = await opened({ strideSeconds: 0.12 });
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
    await using shown = await opened({ views: 1 });
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
    await using shown = await opened();
    const { page } = shown;
    await openSample(page);
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'untrained-tiny' });
    await page.getByText('its predictions mean nothing').waitFor();
    await phaseIs(page, 'done');
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'motions-tiny' });
    await page.getByText('knows 18 actions').waitFor();
  });

  test('of earlier is one click away, and so are recent videos', async () => {
    await using shown = await opened();
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

describe.skipIf(CHROMIUM === undefined)('axe finds nothing, and nothing is cut off', () => {
  test.each([
    ['dark', 900, 650, 'no-preference'],
    ['light', 1280, 800, 'no-preference'],
    ['dark', 1920, 1080, 'more'],
    ['light', 900, 650, 'more'],
  ] as const)('%s, %d × %d, contrast %s', async (colorScheme, width, height, contrast) => {
    await using shown = await opened();
    const { page, complaints } = shown;
    await page.emulateMedia({ colorScheme, contrast });
    await page.setViewportSize({ width, height });
    expect(await violationsOf(page)).toEqual([]);
    await openSample(page);
    await page.keyboard.press('3');
    await page.keyboard.press(']');
    await page.getByRole('button', { name: 'Apply to all' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });
});
