import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ffmpeg } from '../fixtures/bar-code-video.ts';
import { openOfLibrary, phaseIs, poll } from '../fixtures/browser/analyse-screen.ts';
import { toldScores } from '../fixtures/browser/analysed-sample.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { CHROMIUM, describeInBrowser } from '../fixtures/browser/chromium.ts';
import { middleOf, type Place, pixelsAt } from '../fixtures/browser/overlay-pixels.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/**
 * A white square on grey that goes round in a circle, so fast that between sampled frames it leaves the place where it was:
 * the patches that differ from the frame before are where it is and where it has been.
 */

const SECONDS = 3;
/** In pixels as they are seen, and radians a second. */
const CIRCLE = { radius: 60, side: 28, speed: 3.2 };

type Size = readonly [width: number, height: number];
const LANDSCAPE: Size = [320, 240];
const PORTRAIT: Size = [240, 320];

/** Where the square's middle is, and what lies so many pixels beside it. */
function place(seconds: number, [width, height]: Size, [dx, dy]: readonly [number, number]): Place {
  const angle = CIRCLE.speed * seconds;
  return {
    x: 0.5 + (CIRCLE.radius * Math.cos(angle) + dx) / width,
    y: 0.5 + (CIRCLE.radius * Math.sin(angle) + dy) / height,
  };
}

const asMade = (place: Place) => place;
/** A quarter turn against the clock. */
const turned = ({ x, y }: Place): Place => ({ x: y, y: 1 - x });

let videos: Awaited<ReturnType<typeof temporaryFolder>>;

/** @param aspect Of a pixel: the picture is so many times as wide as it is stored. */
async function writeVideo(name: string, [width, height]: Size, aspect = 1): Promise<string> {
  const { radius, side, speed } = CIRCLE;
  const grey = `color=c=gray:s=${width / aspect}x${height}:r=30:d=${SECONDS}`;
  const white = `color=c=white:s=${side / aspect}x${side}:r=30:d=${SECONDS}`;
  const x = `W/2-w/2+${radius / aspect}*cos(${speed}*t)`;
  const y = `H/2-h/2+${radius}*sin(${speed}*t)`;
  const moving = `overlay=x='${x}':y='${y}':eval=frame,setsar=${aspect}`;
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
  const target = join(videos.path, name);
  await ffmpeg(['-f', 'lavfi', '-i', grey, '-f', 'lavfi', '-i', white, '-filter_complex', moving, ...encode, target]);
  return target;
}

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  videos = await temporaryFolder();
  const landscape = await writeVideo('landscape.mp4', LANDSCAPE);
  await writeVideo('portrait.mp4', PORTRAIT);
  await writeVideo('wide-pixels.mp4', LANDSCAPE, 2);
  await ffmpeg(['-i', landscape, '-c', 'copy', '-metadata:s:v', 'rotate=90', join(videos.path, 'rotated.mp4')]);
});
afterAll(() => videos?.[Symbol.asyncDispose]());
const app = appInBrowser(() => ({ library: videos.path }));
const settings = {
  overlay: { mode: 'kept', opacity: 1 },
  selector: { name: 'frame-difference' },
  strideSeconds: null,
  views: 1,
} as const;

describeInBrowser('the patches that are left bright cover what moves, at each sampled time', () => {
  test.each([
    ['landscape.mp4', LANDSCAPE, asMade],
    ['portrait.mp4', PORTRAIT, asMade],
    ['wide-pixels.mp4', LANDSCAPE, asMade],
    ['rotated.mp4', LANDSCAPE, turned],
  ] as const)('%s', async (name, size, seen) => {
    await using shown = await app.open({ settings });
    const { page, engine, complaints } = shown;
    await openOfLibrary(page, name);
    await phaseIs(page, 'done');
    await page.keyboard.press('c');
    const { file } = (await engine.videos.library()).find((one) => one.name === name)!;
    const view = (await toldScores(engine, file)).scores.get('0/center')!;
    // All of the first frame is kept: there is none before it.
    for (const [i, seconds] of [...view.frameSeconds.entries()].slice(1)) {
      await page.getByRole('button', { name: new RegExp(`^Sampled frame ${i + 1},`) }).click();
      await page.getByText(`Scores of frame ${i + 1} of`).waitFor();
      const reach = 0.2 * CIRCLE.side;
      const inside = [-reach, 0, reach].flatMap((dx) =>
        [-reach, 0, reach].map((dy) => seen(place(seconds, size, [dx, dy]))),
      );
      const outside = [0, 7, 56, 63].map((corner) => middleOf(corner, view));
      const bright = { kept: inside.map(() => 0), dropped: outside.map(() => 255) };
      await poll(
        async () => {
          const alphas = (await pixelsAt(page, [...inside, ...outside])).map((pixel) => pixel[3]);
          return { kept: alphas.slice(0, inside.length), dropped: alphas.slice(inside.length) };
        },
        `${name}, frame ${i + 1}`,
      ).toEqual(bright);
    }
    expect(complaints).toEqual([]);
  });
});
