import { describe, expect, it } from 'vitest';
import { DrawingBoard } from '#engine/export/video/drawing.ts';
import type { Picture } from '#engine/images/picture.ts';
import { hierarchyFigure } from '#engine/interpretation/figures/hierarchy.ts';
import { interpretResult } from '#engine/interpretation/figures/interpret-result.ts';
import { jet } from '#engine/interpretation/figures/jet.ts';
import { mapPicture } from '#engine/interpretation/figures/map-picture.ts';
import { GAP, pictureOf, svgOf } from '#engine/interpretation/figures/svg-figure.ts';

const plain = (side: number, colour: readonly [number, number, number]): Picture => ({
  width: side,
  height: side,
  pixels: Uint8Array.from({ length: side * side * 3 }, (_, at) => colour[at % 3]!),
});
const pixel = ({ pixels, width }: Picture, x: number, y: number) => [
  ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

describe('JET', () => {
  it('has the colours of OpenCV', () => {
    // Of its table, blue first there.
    expect([0, 1, 31, 32, 33, 95, 96, 97, 127, 128, 159, 160, 255].map(jet)).toEqual([
      [0, 0, 128],
      [0, 0, 132],
      [0, 0, 252],
      [0, 0, 255],
      [0, 4, 255],
      [0, 252, 255],
      [2, 255, 254],
      [6, 255, 250],
      [126, 255, 130],
      [130, 255, 126],
      [254, 255, 2],
      [255, 252, 0],
      [128, 0, 0],
    ]);
  });
});

describe('the picture of the published tool', () => {
  const grey = plain(4, [100, 100, 100]);
  const mixed = (colour: readonly number[]) => colour.map((value) => Math.round(60 + 0.4 * value));

  it('mixes 0.6 of the image with 0.4 of the scores, from the least to the largest', () => {
    const result = interpretResult(grey, { width: 2, height: 1, scores: Float32Array.of(0.5, 0.6) });
    expect(pixel(result, 0, 0)).toEqual(mixed(jet(0)));
    expect(pixel(result, 3, 3)).toEqual(mixed(jet(255)));
    // A quarter of the way from centre to centre, in steps of 255.
    expect(pixel(result, 1, 0)).toEqual(mixed(jet(64)));
  });

  it('tells nothing apart below 0.48', () => {
    const scores = Float32Array.of(0, 0.3, 0.48, 0.7);
    const result = interpretResult(plain(2, [0, 0, 0]), { width: 2, height: 2, scores });
    const dark = jet(0).map((value) => Math.round(0.4 * value));
    expect(pixel(result, 0, 0)).toEqual(dark);
    expect(pixel(result, 1, 0)).toEqual(dark);
    expect(pixel(result, 0, 1)).toEqual(dark);
    expect(pixel(result, 1, 1)).toEqual(jet(255).map((value) => Math.round(0.4 * value)));
  });

  it('is dark blue where all scores are the same', () => {
    const result = interpretResult(grey, { width: 1, height: 1, scores: Float32Array.of(0.6) });
    expect(pixel(result, 2, 2)).toEqual(mixed([0, 0, 128]));
  });
});

describe('the hierarchical figure', () => {
  it('shows the image, then what is left of it, with the share in the corner', async () => {
    const board = await DrawingBoard.open();
    const groups = [
      { kept: [0, 1, 2, 5, 8, 12, 14, 15], keepRatio: 0.5 },
      { kept: [15], keepRatio: 1 / 16 },
    ];
    const figure = hierarchyFigure(plain(16, [200, 30, 60]), groups, { across: 4, side: 160, board });
    expect([figure.width, figure.height]).toEqual([3 * 160 + 2 * GAP, 160]);
    const picture = pictureOf(figure, board);
    for (const [group, kept] of [[...Array(16).keys()], ...groups.map((one) => one.kept)].entries()) {
      for (let patch = 4; patch < 16; patch++) {
        const x = group * (160 + GAP) + (patch % 4) * 40 + 20;
        const colour = kept.includes(patch) ? [200, 30, 60] : [255, 255, 255];
        expect(pixel(picture, x, Math.floor(patch / 4) * 40 + 20), `${patch} in ${group}`).toEqual(colour);
      }
    }
    // The corner is dark there, with something light written in it.
    const corner = Array.from({ length: 40 * 20 }, (_, i) => pixel(picture, 168 + (i % 40), Math.floor(i / 40))[1]!);
    expect(Math.min(...corner)).toBeLessThan(60);
    const svg = svgOf(figure);
    expect(svg).toContain('>50 %<');
    expect(svg).toContain('>6 %<');
    expect(svg.match(/data:image\/png/g)).toHaveLength(1);
  });
});

it('draws a map from its lowest to its highest score, and one without any difference all the same', () => {
  const drawn = mapPicture(plain(4, [0, 0, 0]), { width: 2, height: 2, scores: Float32Array.of(-3, -3, 7, 7) });
  expect(pixel(drawn, 0, 0)[0]).toBeLessThan(pixel(drawn, 0, 3)[0]!);
  const even = mapPicture(plain(2, [0, 0, 0]), { width: 1, height: 1, scores: Float32Array.of(5) });
  expect(new Set(even.pixels).size).toBeLessThanOrEqual(3);
});
