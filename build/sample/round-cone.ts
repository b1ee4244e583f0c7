import type { Part } from '#native-models/motions/body/figure.ts';
import { dot, subtract, type Vector } from '#native-models/motions/body/vector.ts';

/** Where a ray meets a surface. */
export interface Hit {
  /** Metres along the ray. */
  distance: number;
  normal: [number, number, number];
}

/**
 * A function that meets rays from `eye` with `part`: true, and `hit` filled, where the ray meets it. Written with plain
 * numbers, since it runs for every pixel.
 *
 * @see Inigo Quilez, "Ray-surface intersection functions", round cone
 */
export function roundConeTest(eye: Vector, part: Part): (x: number, y: number, z: number, hit: Hit) => boolean {
  const { fromRadius: ra, toRadius: rb } = part;
  const axis = subtract(part.to, part.from);
  const oa = subtract(eye, part.from);
  const ob = subtract(eye, part.to);
  const taper = ra - rb;
  const m0 = dot(axis, axis);
  const m1 = dot(axis, oa);
  const m5 = dot(oa, oa);
  const m7 = dot(ob, ob);
  const d2 = m0 - taper * taper;

  return (x, y, z, hit) => {
    const m2 = axis[0] * x + axis[1] * y + axis[2] * z;
    const m3 = oa[0] * x + oa[1] * y + oa[2] * z;
    const k2 = d2 - m2 * m2;
    const k1 = d2 * m3 - m1 * m2 + m2 * taper * ra;
    const k0 = d2 * m5 - m1 * m1 + m1 * taper * ra * 2 - m0 * ra * ra;
    const h = k1 * k1 - k0 * k2;
    if (d2 > 0 && h >= 0) {
      const t = (-Math.sqrt(h) - k1) / k2;
      const along = m1 - ra * taper + t * m2;
      if (along > 0 && along < d2) {
        return meet(hit, t, [
          d2 * (oa[0] + t * x) - axis[0] * along,
          d2 * (oa[1] + t * y) - axis[1] * along,
          d2 * (oa[2] + t * z) - axis[2] * along,
        ]);
      }
    }
    const m6 = ob[0] * x + ob[1] * y + ob[2] * z;
    const h1 = m3 * m3 - m5 + ra * ra;
    const h2 = m6 * m6 - m7 + rb * rb;
    const t1 = h1 < 0 ? Number.POSITIVE_INFINITY : -m3 - Math.sqrt(h1);
    const t2 = h2 < 0 ? Number.POSITIVE_INFINITY : -m6 - Math.sqrt(h2);
    if (t1 === t2) return false;
    const [t, o] = t1 < t2 ? [t1, oa] : [t2, ob];
    return meet(hit, t, [o[0] + t * x, o[1] + t * y, o[2] + t * z]);
  };
}

function meet(hit: Hit, distance: number, normal: [number, number, number]): boolean {
  const length = Math.hypot(normal[0], normal[1], normal[2]);
  hit.distance = distance;
  hit.normal = [normal[0] / length, normal[1] / length, normal[2] / length];
  return distance > 0;
}
