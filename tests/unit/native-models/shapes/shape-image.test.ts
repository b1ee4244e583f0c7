import { describe, expect, it } from 'vitest';
import { foregroundShare } from '#native-models/motions/foreground-share.ts';
import { Random } from '#native-models/motions/random.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';
import { outlineFamilies } from '#native-models/shapes/outlines/families.ts';
import { areaOf, reachOf } from '#native-models/shapes/outlines/outline.ts';
import { pieceOf } from '#native-models/shapes/scene/pieces.ts';
import { type ShapeLayers, shapeImage } from '#native-models/shapes/shape-image.ts';
import { imageLabel, shapeRanges } from '#native-models/shapes/splits.ts';

const size = 112;
const draw = (index: number, layers: ShapeLayers = {}) => shapeImage('train', index, { size }, layers);
const total = (numbers: Iterable<number>) => Iterator.from(numbers).reduce((sum, number) => sum + number, 0);

describe('an image of Shapes', () => {
  it('is the same whenever it is drawn, and another one for another index or split', () => {
    expect(draw(7)).toEqual(draw(7));
    const others = [draw(8), shapeImage('val', 7, { size }), shapeImage('test', 7, { size })];
    for (const { pixels } of others) expect(pixels).not.toEqual(draw(7).pixels);
    expect(draw(7).label).toBe(imageLabel('train', 7));
  });

  it('has a mask where the shape is seen, and nowhere else', () => {
    let [masked, changed, stray] = [0, 0, 0];
    for (let index = 0; index < 24; index++) {
      const bare = { lens: false, bars: false };
      const [seen, without] = [draw(index, bare), draw(index, { ...bare, shape: false })];
      expect(total(without.mask)).toBe(0);
      for (const [pixel, value] of seen.mask.entries()) {
        const differs = [0, 1, 2].some(
          (c) => Math.abs(seen.pixels[3 * pixel + c]! - without.pixels[3 * pixel + c]!) > 3,
        );
        if (value === 1) {
          masked++;
          if (differs) changed++;
        } else if (differs) stray++;
      }
    }
    expect(changed / masked).toBeGreaterThan(0.95);
    // Its shadow, if it has one, and its smooth edges.
    expect(stray / masked).toBeLessThan(0.35);
  });

  it('has a mask that knows nothing of the lens, and leaves out what a bar hides', () => {
    let hidden = 0;
    for (let index = 0; index < 40; index++) {
      const { mask } = draw(index);
      expect(draw(index, { lens: false }).mask).toEqual(mask);
      const whole = draw(index, { bars: false }).mask;
      for (const [pixel, value] of mask.entries()) {
        if (value === 1) expect(whole[pixel]).toBe(1);
        else hidden += whole[pixel]!;
      }
    }
    expect(hidden).toBeGreaterThan(500);
  });

  it('shows its shape on a tenth to a third of the patches, as a rule', () => {
    const shares = Array.from({ length: 120 }, (_, index) => {
      const share = foregroundShare(draw(index).mask, 8, { frames: 1, size });
      return share.filter((part) => part > 0).length / share.length;
    }).sort((a, b) => a - b);
    expect(shares[6]).toBeGreaterThan(0.08);
    expect(shares[60]).toBeGreaterThan(0.14);
    expect(shares[114]).toBeLessThan(0.35);
  });

  it('cannot be smaller than a few pixels', () => {
    expect(() => shapeImage('train', 0, { size: 15 })).toThrow(RangeError);
    expect(() => shapeImage('train', 0, { size: 20.5 })).toThrow(RangeError);
  });
});

describe('outlines', () => {
  it.each(shapeClasses)('of a %s fill a good part of the circle around them, and differ', (name) => {
    const outlines = Array.from({ length: 20 }, (_, i) => outlineFamilies[name](new Random(i)));
    for (const outline of outlines) {
      expect(reachOf(outline)).toBeGreaterThan(0.8);
      expect(reachOf(outline)).toBeLessThan(1.5);
      expect(areaOf(outline)).toBeGreaterThan(0.4);
      expect(areaOf(outline)).toBeLessThan(Math.PI * reachOf(outline) ** 2);
    }
    const same = ['hexagon', 'triangle'].includes(name);
    expect(new Set(outlines.map(areaOf)).size > 1).toBe(!same);
  });

  it('of pieces have less than half of the area of any shape', () => {
    const random = new Random(1);
    const largest = Math.max(...shapeClasses.map((name) => areaOf(outlineFamilies[name](random))));
    for (let i = 0; i < 200; i++) {
      expect(areaOf(pieceOf(random, 0, 0, 1, shapeRanges.train))).toBeLessThan(0.75 * largest);
    }
  });
});
