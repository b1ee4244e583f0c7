import type { Colour, Part } from '#native-models/motions/body/figure.ts';
import { add, normalize, scale, type Vector } from '#native-models/motions/body/vector.ts';

/** Towards the lamp: high, from the left, in front of the figures. */
const lamp: Vector = normalize([-0.55, 1, -0.5]);

const lampColour: Colour = [1.02, 0.95, 0.84];
const skyColour: Colour = [0.36, 0.4, 0.46];
const floorColour: Colour = [0.26, 0.2, 0.15];

/**
 * Light that a surface sends to the eye: lamp with a soft terminator, sky from above, floor from below, and a faint
 * sheen at the rim.
 */
export function shade(surface: Colour, normal: Vector, ray: Vector, heightMetres: number, out: number[]): void {
  const facing = normal[0] * lamp[0] + normal[1] * lamp[1] + normal[2] * lamp[2];
  const key = Math.max(0, (facing + 0.18) / 1.18) ** 1.2;
  const up = 0.5 + 0.5 * normal[1];
  const rim = (1 + Math.min(0, normal[0] * ray[0] + normal[1] * ray[1] + normal[2] * ray[2])) ** 3 * 0.09;
  // Less of the room reaches what is close to the floor.
  const open = 0.62 + 0.38 * Math.min(1, heightMetres / 0.7);
  for (let c = 0; c < 3; c++) {
    const ambient = ((skyColour[c] ?? 0) * up + (floorColour[c] ?? 0) * (1 - up)) * open;
    out[c] = (surface[c] ?? 0) * ((lampColour[c] ?? 0) * key + ambient) + rim * up;
  }
}

/** The shadow that a figure throws on the floor, as a function of a floor point: 0 in the light, 1 in full shadow. */
export function floorShadow(parts: readonly Part[]): (x: number, z: number) => number {
  const casts = parts.map((part) => {
    const from = onFloor(part.from);
    const to = onFloor(part.to);
    // The lamp is wide, so an edge blurs with its distance from the floor.
    const blur = 0.025 + 0.11 * Math.min(part.from[1], part.to[1]);
    return { x: from[0], z: from[2], dx: to[0] - from[0], dz: to[2] - from[2], radius: part.fromRadius, part, blur };
  });
  const reach = 0.35;
  const xs = casts.flatMap((c) => [c.x, c.x + c.dx]);
  const zs = casts.flatMap((c) => [c.z, c.z + c.dz]);
  const [left, right] = [Math.min(...xs) - reach, Math.max(...xs) + reach];
  const [near, far] = [Math.min(...zs) - reach, Math.max(...zs) + reach];

  return (x, z) => {
    if (x < left || x > right || z < near || z > far) return 0;
    let light = 1;
    for (const cast of casts) {
      const px = x - cast.x;
      const pz = z - cast.z;
      const along = (px * cast.dx + pz * cast.dz) / (cast.dx * cast.dx + cast.dz * cast.dz + 1e-9);
      const t = Math.min(1, Math.max(0, along));
      const radius = cast.radius + (cast.part.toRadius - cast.radius) * t;
      const edge = (Math.hypot(px - t * cast.dx, pz - t * cast.dz) - radius) / cast.blur;
      if (edge < 1) light = Math.min(light, edge < -1 ? 0 : (0.5 + 0.5 * edge) ** 2 * (2 - edge));
    }
    return 1 - light;
  };
}

function onFloor(point: Vector): Vector {
  return add(point, scale(lamp, -point[1] / lamp[1]));
}
