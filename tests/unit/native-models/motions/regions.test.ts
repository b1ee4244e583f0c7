import { describe, expect, test } from 'vitest';
import { bodyRegions } from '#native-models/motions/body/figure.ts';
import { scenePainter } from '#native-models/motions/drawing/scene-painter.ts';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import { regionShares } from '#native-models/motions/region-shares.ts';
import { framesPerSecond } from '#native-models/motions/scene/clock.ts';
import { partStride } from '#native-models/motions/scene/projection.ts';
import { type Scene, sceneOf } from '#native-models/motions/scene/scene.ts';

const size = 96;

/** Distance in pixels from a pixel's middle to the nearest part of `region`, 0 inside of one. */
function distanceTo(scene: Scene, frame: number, region: number, pixel: number): number {
  const seconds = frame / framesPerSecond;
  const { parts, gone } = scene.performance.at(seconds);
  const camera = scene.framing.camera(seconds, gone);
  const scale = scene.framing.scale * size;
  const [px, py] = [(pixel % size) + 0.5, Math.floor(pixel / size) + 0.5];
  let nearest = Number.POSITIVE_INFINITY;
  for (let part = 0; part < parts.count; part++) {
    const numbers = parts.numbers.subarray(part * partStride, (part + 1) * partStride);
    if (numbers[11] !== region) continue;
    const at = (i: number, origin: number) => numbers[i]! * scale + origin * size;
    const [ax, ay] = [at(0, scene.framing.origin.x - camera.x), at(1, scene.framing.origin.y - camera.y)];
    const [bx, by] = [at(4, scene.framing.origin.x - camera.x), at(5, scene.framing.origin.y - camera.y)];
    for (let t = 0; t <= 1; t += 1 / 32) {
      const radius = (numbers[3]! + t * (numbers[7]! - numbers[3]!)) * scale;
      const away = Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay)) - radius;
      nearest = Math.min(nearest, Math.max(0, away));
    }
  }
  return nearest;
}

describe('the regions of the body', () => {
  test.each([1, 9, 40, 77])('of clip %i are where its parts are, and the mask is all of them', (index) => {
    const scene = sceneOf('train', index);
    for (const frame of [0, 30, 60]) {
      const [pixels, mask, regions] = [new Uint8Array(size * size * 3), ...planes()];
      scenePainter(scene, size).draw(frame, pixels, mask, regions);
      expect(regions.map((region) => (region > 0 ? 1 : 0))).toEqual(mask);
      for (const [pixel, region] of regions.entries()) {
        if (region > 0) expect(distanceTo(scene, frame, region, pixel)).toBeLessThan(1.2);
      }
    }
  });

  test('are all seen, legs and trunk more than a head', () => {
    const pixels = bodyRegions.map(() => 0);
    for (let index = 0; index < 30; index++) {
      const { regions } = motionClip('train', index, { frames: 2, size: 64 });
      for (const region of regions) if (region > 0) pixels[region - 1]! += 1;
    }
    const share = (region: (typeof bodyRegions)[number]) => pixels[bodyRegions.indexOf(region)]! / sum(pixels);
    for (const region of bodyRegions) expect(share(region), region).toBeGreaterThan(0.04);
    for (const large of ['thigh', 'lower leg', 'trunk'] as const) expect(share(large)).toBeGreaterThan(share('head'));
  });

  test('are counted patch by patch, regions side by side', () => {
    // One frame of 4×4 in patches of 2×2.
    const regions = Uint8Array.from([1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 6, 6, 0, 0, 6, 6]);
    const shares = regionShares(regions, 2, { frames: 1, size: 4 });
    expect([...shares.subarray(0, 6)]).toEqual([0.5, 0.25, 0, 0, 0, 0]);
    expect([...shares.subarray(18, 24)]).toEqual([0, 0, 0, 0, 0, 1]);
    expect(sum([...shares])).toBe(1.75);
    expect(() => regionShares(regions, 3, { frames: 1, size: 4 })).toThrow(RangeError);
  });
});

const planes = () => [new Uint8Array(size * size), new Uint8Array(size * size)] as const;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
