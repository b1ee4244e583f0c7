import { describe, expect, test } from 'vitest';
import { colourSpaceOf, toYuv } from '#engine/export/video/colour.ts';
import { toSprite } from '#engine/export/video/sprite.ts';
import { YuvaPicture } from '#engine/export/video/yuva-picture.ts';

const UNKNOWN = { range: null, matrix: null, transfer: null, primaries: null };
const SD = colourSpaceOf(UNKNOWN, 480, false);
const HD = colourSpaceOf({ ...UNKNOWN, matrix: 'bt709' }, 480, false);
const FULL = colourSpaceOf({ ...UNKNOWN, matrix: 'bt709', range: 'pc' }, 1080, false);

describe('toYuv', () => {
  test('gives the values that the standards list for the bars of 100 %', () => {
    expect(toYuv([255, 255, 255], SD)).toEqual([235, 128, 128]);
    expect(toYuv([0, 0, 0], HD)).toEqual([16, 128, 128]);
    expect(toYuv([255, 0, 0], SD)).toEqual([81, 90, 240]);
    expect(toYuv([0, 0, 255], SD)).toEqual([41, 240, 110]);
    expect(toYuv([255, 0, 0], HD)).toEqual([63, 102, 240]);
    expect(toYuv([0, 255, 0], HD)).toEqual([173, 42, 26]);
    expect(toYuv([255, 255, 255], FULL)).toEqual([255, 128, 128]);
  });

  test('takes high definition for BT.709 where the file does not say', () => {
    expect(colourSpaceOf(UNKNOWN, 1080, false)).toEqual(HD);
    expect(colourSpaceOf(UNKNOWN, 480, false)).not.toEqual(HD);
  });
});

describe('YuvaPicture', () => {
  test('has the layout of yuva420p', () => {
    const picture = new YuvaPicture(4, 2);
    expect(picture.bytes).toHaveLength(8 + 2 + 2 + 8);
    picture.fill({ x: 2, y: 0, width: 2, height: 2 }, [100, 50, 200], 255);
    expect([...picture.bytes]).toEqual([0, 0, 100, 100, 0, 0, 100, 100, 0, 50, 0, 200, 0, 0, 255, 255, 0, 0, 255, 255]);
  });

  test('cuts off what lies outside', () => {
    const picture = new YuvaPicture(4, 4);
    picture.fill({ x: -2, y: 2, width: 20, height: 20 }, [1, 2, 3], 9);
    expect([...picture.alpha]).toEqual([...Array(8).fill(0), ...Array(8).fill(9)]);
    picture.fill({ x: 8, y: 0, width: 2, height: 2 }, [1, 2, 3], 7);
    expect(picture.alpha).not.toContain(7);
  });

  test('lays one over another as light does', () => {
    const below = new YuvaPicture(2, 2);
    below.fill({ x: 0, y: 0, width: 2, height: 2 }, [200, 100, 100], 128);
    const above = new YuvaPicture(2, 2);
    above.fill({ x: 0, y: 0, width: 2, height: 2 }, [40, 200, 60], 64);
    below.draw(above, 0, 0);
    // out = a + b (1 − a); colour = (a · A + b (1 − a) · B) / out, in 255ths.
    const rest = (128 * (255 - 64)) / 255;
    expect(below.alpha[0]).toBe(Math.round(64 + rest));
    expect(below.y[0]).toBe(Math.round((40 * 64 + 200 * rest) / (64 + rest)));
    expect(below.u[0]).toBe(Math.round((200 * 64 + 100 * rest) / (64 + rest)));
  });

  test('leaves what is below transparent places alone', () => {
    const below = new YuvaPicture(4, 4);
    below.fill({ x: 0, y: 0, width: 4, height: 4 }, [200, 100, 100], 50);
    const before = below.bytes.slice();
    below.draw(new YuvaPicture(2, 2), 2, 2);
    expect(below.bytes).toEqual(before);
  });

  test('refuses odd sides and odd places', () => {
    expect(() => new YuvaPicture(3, 2)).toThrow(RangeError);
    expect(() => new YuvaPicture(4, 4).draw(new YuvaPicture(2, 2), 1, 0)).toThrow(RangeError);
    expect(() => new YuvaPicture(4, 4).draw(new YuvaPicture(2, 2), 4, 0)).toThrow(RangeError);
  });
});

describe('toSprite', () => {
  test('undoes the multiplication by the opacity, and grows odd sides by a transparent pixel', () => {
    // Half transparent white, 1 × 1.
    const sprite = toSprite({ width: 1, height: 1, pixels: Uint8Array.of(128, 128, 128, 128) }, SD);
    expect([sprite.width, sprite.height]).toEqual([2, 2]);
    expect([...sprite.alpha]).toEqual([128, 0, 0, 0]);
    expect([sprite.y[0], sprite.u[0], sprite.v[0]]).toEqual([235, 128, 128]);
  });
});
