import type { Lens } from '../drawing/lens.ts';
import type { Light } from '../drawing/picture.ts';
import type { Random } from '../random.ts';
import { sine } from '../sine.ts';

/** The light on a clip, the same for everything in it. */
export function lightOf(random: Random): Light {
  const [x, y, z] = [random.between([-0.9, 0.9]), random.between([-1, -0.35]), random.between([-0.9, -0.1])];
  const length = Math.sqrt(x * x + y * y + z * z);
  const ambient = random.between([0.5, 0.78]);
  return { x: x / length, y: y / length, z: z / length, ambient, key: random.between([0.25, 0.6]) };
}

/** What the clip's camera and encoder do to its pictures. */
export function lensOf(random: Random): Lens {
  const exposure = random.between([0.8, 1.25]);
  const tint = [random.between([0.92, 1.08]), random.between([0.95, 1.05]), random.between([0.9, 1.1])] as const;
  const change = random.chance(0.4) ? random.between([0.05, 0.25]) : 0;
  const [rate, start] = [random.between([0.8, 6]), 7 * random.next()];
  return {
    blur: random.chance(0.3) ? 1 + random.below(2) : 0,
    quantizer: random.chance(0.4) ? random.between([6, 26]) : 0,
    noise: random.chance(0.6) ? random.between([1, 9]) : 0,
    contrast: random.between([0.85, 1.2]),
    seed: random.below(2 ** 31),
    gains: (seconds) => {
      const light = exposure * (1 + change * sine(rate * seconds + start));
      return [light * tint[0], light * tint[1], light * tint[2]];
    },
  };
}
