import { describe, expect, test } from 'vitest';
import { type Layers, scenePainter } from '../../../../native-models/motions/drawing/scene-painter.ts';
import { foregroundShare } from '../../../../native-models/motions/foreground-share.ts';
import { type Scene, sceneOf } from '../../../../native-models/motions/scene/scene.ts';

const size = 96;

function draw(scene: Scene, frame: number, layers: Layers) {
  const pixels = new Uint8Array(size * size * 3);
  const mask = new Uint8Array(size * size);
  scenePainter(scene, size, layers).draw(frame, pixels, mask);
  return { pixels, mask };
}

/** Whether `mask` is 1 at a pixel or at one of its eight neighbours. */
function nearMask(mask: Uint8Array, pixel: number): boolean {
  const [x, y] = [pixel % size, Math.floor(pixel / size)];
  for (let row = Math.max(0, y - 1); row <= Math.min(size - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(size - 1, x + 1); column++) {
      if (mask[row * size + column] === 1) return true;
    }
  }
  return false;
}

const differs = (a: Uint8Array, b: Uint8Array, pixel: number) =>
  [0, 1, 2].some((c) => a[3 * pixel + c] !== b[3 * pixel + c]);

describe('the mask', () => {
  test.each([0, 3, 11, 19, 24, 42, 77, 101])('of clip %i is where the figure is seen, and nowhere else', (index) => {
    const scene = sceneOf('train', index);
    const bare: Layers = { lens: false, shadow: false };
    let [masked, changed, stray] = [0, 0, 0];
    for (const frame of [0, 27, 54]) {
      const { pixels, mask } = draw(scene, frame, bare);
      const without = draw(scene, frame, { ...bare, figure: false });
      expect(without.mask.every((value) => value === 0)).toBe(true);
      for (let pixel = 0; pixel < mask.length; pixel++) {
        const changes = differs(pixels, without.pixels, pixel);
        if (mask[pixel] === 1) {
          masked++;
          if (changes) changed++;
          // Smooth edges reach at most into the pixel next to one that the figure fills by half.
        } else if (changes && !nearMask(mask, pixel)) stray++;
      }
    }
    expect(masked).toBeGreaterThan(200);
    // Slivers that show by less than half between the smooth edges of what hides the rest.
    expect(stray / masked).toBeLessThan(0.005);
    // A figure may by chance have the colour of what it hides.
    expect(changed / masked).toBeGreaterThan(0.97);
  });

  test('knows nothing of shadow and lens', () => {
    for (const index of [4, 8, 15]) {
      const scene = sceneOf('val', index);
      const { mask } = draw(scene, 30, {});
      expect(draw(scene, 30, { lens: false, shadow: false }).mask).toEqual(mask);
    }
  });

  test('leaves out what an occluder hides', () => {
    let hidden = 0;
    for (let index = 0; index < 60; index++) {
      const scene = sceneOf('train', index);
      const free = { ...scene, things: scene.things.filter((thing) => !thing.inFront) };
      const [seen, whole] = [draw(scene, 30, {}).mask, draw(free, 30, {}).mask];
      for (const [pixel, value] of seen.entries()) {
        if (value === 1) expect(whole[pixel]).toBe(1);
        else hidden += whole[pixel]!;
      }
    }
    expect(hidden).toBeGreaterThan(100);
  });
});

describe('the share of a patch', () => {
  test('is counted patch by patch, the frames of one patch side by side', () => {
    // Two frames of 4×4 in patches of 2×2.
    const mask = Uint8Array.from([
      ...[1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1],
    ]);
    const share = foregroundShare(mask, 2, { frames: 2, size: 4 });
    expect([...share]).toEqual([0.75, 0, 0, 1, 0, 0.25, 0, 0.25]);
  });

  test('needs whole frames of whole patches', () => {
    expect(() => foregroundShare(new Uint8Array(31), 2, { frames: 2, size: 4 })).toThrow(RangeError);
    expect(() => foregroundShare(new Uint8Array(32), 3, { frames: 2, size: 4 })).toThrow(RangeError);
  });
});
