import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PatchlightError } from '#contract/errors.ts';
import { MOST_BYTES, readImage, sizeWithin } from '#engine/images/read-image.ts';
import { gradient, type OddImage, oddImages } from '../../../fixtures/images/odd-images.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let images: readonly OddImage[];
beforeAll(async () => {
  folder = await temporaryFolder();
  images = await oddImages();
  for (const { name, bytes } of images) await writeFile(join(folder.path, name), bytes);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const read = (name: string) => readImage(join(folder.path, name));
const written = async (name: string, content: Buffer) => {
  await writeFile(join(folder.path, name), content);
  return await read(name);
};
const codeOf = async (name: string) => {
  const thrown = await read(name).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (thrown !== null && !(thrown instanceof PatchlightError)) throw thrown;
  return thrown?.code ?? null;
};
/** Colour in the middle of a place, of four by three. */
const colourAt = (
  { width, height, pixels }: { width: number; height: number; pixels: Uint8Array },
  column: number,
  row: number,
) => {
  const at = (Math.floor(((row + 0.5) * height) / 3) * width + Math.floor(((column + 0.5) * width) / 4)) * 3;
  return [...pixels.subarray(at, at + 3)];
};
const near = (colour: readonly number[], tolerance = 12) =>
  colour.map((value) => expect.closeTo(value, -Math.log10(2 * tolerance)));

describe('two hundred odd images', () => {
  it('are read in their size, or refused by a sentence for people', async () => {
    expect(images.length).toBeGreaterThanOrEqual(200);
    for (const { name, size } of images) {
      const outcome = await read(name).catch((thrown: unknown) => thrown);
      if (size === null) {
        expect(outcome, name).toBeInstanceOf(PatchlightError);
        expect(outcome, name).toMatchObject({ message: expect.stringContaining(name), hint: expect.any(String) });
      } else {
        const [width, height] = size;
        expect(outcome, name).toMatchObject({ width, height, picture: { width, height } });
        expect((outcome as { picture: { pixels: Uint8Array } }).picture.pixels, name).toHaveLength(width * height * 3);
      }
    }
  });

  it('that are none say what is wrong with them', async () => {
    expect(await codeOf('no-image.png')).toBe('not-an-image');
    expect(await codeOf('drawing.svg')).toBe('not-an-image');
    expect(await codeOf('cut-0.6.jpeg')).toBe('image-unreadable');
    expect(await codeOf('cut-0.6.tiff')).toBe('image-unreadable');
    expect(await codeOf('signature-only.webp')).toBe('image-unreadable');
    expect(await codeOf('photo.heic')).toBe('image-kind');
    expect(await codeOf('empty.png')).toBe('file-empty');
    expect(await codeOf('nowhere.png')).toBe('file-not-found');
    await mkdir(join(folder.path, 'folder'));
    expect(await codeOf('folder')).toBe('file-not-found');
  });
});

describe('an image that is read', () => {
  it.each(['jpeg', 'png', 'webp', 'tiff'])('is upright, whatever its %s says about the camera', async (kind) => {
    const upright = await read(`turned-1.${kind}`);
    // What the viewer's left, right, top and bottom are in a file with this orientation (EXIF 2.32, tag 274).
    const turned = await read(`turned-6.${kind}`);
    expect([turned.width, turned.height]).toEqual([20, 30]);
    expect(turned.picture.pixels.subarray(0, 3)).not.toEqual(upright.picture.pixels.subarray(0, 3));
    // Orientation 6 is turned clockwise to be upright: the file's left edge comes to the top.
    const [red, , blue] = turned.picture.pixels;
    const last = turned.picture.pixels.length - 3;
    expect(red).toBeLessThan(40);
    expect(blue).toBeGreaterThan(200);
    expect(turned.picture.pixels[last]).toBeGreaterThan(200);
  });

  it('has its colours as sRGB, from grey, palettes, 16 bits, CIELAB and other profiles', async () => {
    const { picture } = await read('61x33.png');
    for (const [column, row] of [
      [0, 0],
      [3, 2],
      [1, 1],
    ] as const) {
      const colour = colourAt(picture, column, row);
      for (const name of ['rgb16.png', 'rgb16.tiff', 'lab.tiff', 'palette-256.png', 'display-p3.jpeg', '61x33.avif']) {
        expect(colourAt((await read(name)).picture, column, row), name).toEqual(near(colour, 24));
      }
    }
    const { picture: grey } = await read('grey16.png');
    for (let at = 0; at < grey.pixels.length; at += 3) expect(grey.pixels[at]).toBe(grey.pixels[at + 1]);
  });

  it('has the colours that printing inks can give, from CMYK', async () => {
    const red = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 200, g: 50, b: 20 } } });
    const { picture } = await written('red.jpeg', await red.toColourspace('cmyk').jpeg().toBuffer());
    expect([...picture.pixels.subarray(0, 3)]).toEqual(near([200, 50, 20], 25));
  });

  it('lies on white where it is transparent', async () => {
    const { picture } = await read('alpha-0.png');
    expect(picture.pixels.every((value) => value === 255)).toBe(true);
    const { picture: half } = await read('alpha-0.5.png');
    expect(Math.min(...half.pixels)).toBeGreaterThanOrEqual(126);
  });

  it('is the first picture of an animation, which says how many there are', async () => {
    const animated = await read('animated.gif');
    expect(animated.pages).toBe(2);
    expect(colourAt(animated.picture, 0, 0)).toEqual(near(colourAt((await read('61x33.png')).picture, 0, 0), 40));
  });
});

describe('a large image', () => {
  it('is kept with fewer pixels, and says how many it has', async () => {
    const path = join(folder.path, 'large.png');
    await writeFile(path, await gradient(400, 300).png().toBuffer());
    const { width, height, picture } = await readImage(path, { mostKeptPixels: 30_000 });
    expect([width, height, picture.width, picture.height]).toEqual([400, 300, 200, 150]);
    expect(colourAt(picture, 3, 0)).toEqual(near([223, 42, 32]));
  });

  it('is refused beyond 134 megapixels, without being decoded', async () => {
    const head = await gradient(1, 1).png().toBuffer();
    const larger = Buffer.from(head);
    larger.writeUInt32BE(16_385, 16);
    larger.writeUInt32BE(8192, 20);
    await expect(written('larger.png', larger)).rejects.toMatchObject({
      code: expect.stringMatching(/^image-(too-large|unreadable)$/),
    });
    expect(MOST_BYTES).toBe(2 ** 28);
  });

  it.each([
    [4000, 3000],
    [1_000_000, 3],
    [5, 900_000],
    [16_000_000, 1],
  ])('of %d × %d pixels keeps its shape as well as it can', (width, height) => {
    const kept = sizeWithin(width, height, 100_000);
    expect(kept.width * kept.height).toBeLessThanOrEqual(100_000);
    expect(Math.min(kept.width, kept.height)).toBeGreaterThanOrEqual(1);
    if (Math.min(width, height) > 100) expect(kept.width / kept.height).toBeCloseTo(width / height, 1);
  });
});

it('stops when it is told to', async () => {
  const reason = new Error('enough');
  await expect(readImage(join(folder.path, 'wide.png'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
