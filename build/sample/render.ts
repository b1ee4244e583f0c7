import type { Part } from '#native-models/motions/body/figure.ts';
import { compose, subtract, turnX, turnY, type Vector } from '#native-models/motions/body/vector.ts';
import { floorShadow, shade } from './light.ts';
import { floorLight, wallLight, wallZ } from './room.ts';
import { type Hit, roundConeTest } from './round-cone.ts';
import type { Camera, Scene } from './scene.ts';

/** Rays per pixel along each side; their mean is what smooths the edges. */
const raysPerSide = 2;

interface Canvas {
  /** Rays across and down. */
  readonly width: number;
  readonly height: number;
  /** Linear light, `[height, width, 3]`. */
  readonly light: Float32Array;
  /** Metres to the nearest surface so far, `[height, width]`. */
  readonly depth: Float32Array;
}

/** `scene` as 8-bit sRGB, `[height, width, 3]`. */
export function render(scene: Scene, width: number, height: number): Uint8Array {
  const [across, down] = [width * raysPerSide, height * raysPerSide];
  const canvas: Canvas = {
    width: across,
    height: down,
    light: new Float32Array(across * down * 3),
    depth: new Float32Array(across * down).fill(Number.POSITIVE_INFINITY),
  };
  drawRoom(canvas, scene);
  for (const part of scene.figures.flat()) drawPart(canvas, scene.camera, part);
  return develop(canvas, width, height);
}

/** Direction of the ray through canvas position (x, y), not normalised: its depth along the camera's axis is 1. */
function rays(canvas: Canvas, camera: Camera): (x: number, y: number) => Vector {
  const turn = compose(turnY(camera.yaw), turnX(-camera.pitch));
  const [right, up, ahead] = [turn([1, 0, 0]), turn([0, 1, 0]), turn([0, 0, 1])];
  const unit = 1 / (canvas.height * camera.focal);
  return (x, y) => {
    const u = (x + 0.5 - canvas.width / 2) * unit;
    const v = (canvas.height / 2 - y - 0.5) * unit;
    return [
      ahead[0] + u * right[0] + v * up[0],
      ahead[1] + u * right[1] + v * up[1],
      ahead[2] + u * right[2] + v * up[2],
    ];
  };
}

function drawRoom(canvas: Canvas, { camera, figures }: Scene): void {
  const rayAt = rays(canvas, camera);
  const shadows = figures.map(floorShadow);
  const [ex, ey, ez] = camera.eye;
  const light = [0, 0, 0];
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const [dx, dy, dz] = rayAt(x, y);
      const toWall = (wallZ - ez) / dz;
      const toFloor = dy < 0 ? -ey / dy : Number.POSITIVE_INFINITY;
      if (toFloor < toWall) {
        const [fx, fz] = [ex + toFloor * dx, ez + toFloor * dz];
        floorLight(fx, fz, Math.max(...shadows.map((shadow) => shadow(fx, fz))), light);
      } else {
        wallLight(ex + toWall * dx, ey + toWall * dy, light);
      }
      canvas.light.set(light, (y * canvas.width + x) * 3);
    }
  }
}

function drawPart(canvas: Canvas, camera: Camera, part: Part): void {
  const rayAt = rays(canvas, camera);
  const meets = roundConeTest(camera.eye, part);
  const hit: Hit = { distance: 0, normal: [0, 0, 0] };
  const light = [0, 0, 0];
  const box = bounds(canvas, camera, part);
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const ray = rayAt(x, y);
      const length = Math.hypot(ray[0], ray[1], ray[2]);
      const [dx, dy, dz] = [ray[0] / length, ray[1] / length, ray[2] / length];
      const index = y * canvas.width + x;
      if (!meets(dx, dy, dz, hit) || hit.distance >= (canvas.depth[index] ?? 0)) continue;
      canvas.depth[index] = hit.distance;
      shade(part.colour, hit.normal, [dx, dy, dz], camera.eye[1] + hit.distance * dy, light);
      canvas.light.set(light, index * 3);
    }
  }
}

/** A canvas rectangle that holds all of `part`: around its two spheres, one canvas pixel wider than they look. */
function bounds(canvas: Canvas, camera: Camera, part: Part) {
  const back = compose(turnX(camera.pitch), turnY(-camera.yaw));
  const unit = canvas.height * camera.focal;
  const balls = [
    { at: back(subtract(part.from, camera.eye)), radius: part.fromRadius },
    { at: back(subtract(part.to, camera.eye)), radius: part.toRadius },
  ].map(({ at: [x, y, z], radius }) => {
    const reach = (radius * unit * 1.1) / Math.max(0.1, z - radius) + 1;
    return { x: canvas.width / 2 + (x / z) * unit, y: canvas.height / 2 - (y / z) * unit, reach };
  });
  const clamp = (value: number, limit: number) => Math.min(limit, Math.max(0, Math.round(value)));
  return {
    left: clamp(Math.min(...balls.map((b) => b.x - b.reach)), canvas.width),
    right: clamp(Math.max(...balls.map((b) => b.x + b.reach)), canvas.width),
    top: clamp(Math.min(...balls.map((b) => b.y - b.reach)), canvas.height),
    bottom: clamp(Math.max(...balls.map((b) => b.y + b.reach)), canvas.height),
  };
}

/** The mean light of each pixel's rays, as sRGB bytes, a little darker towards the corners. */
function develop(canvas: Canvas, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = (x / width - 0.5) ** 2 + (y / height - 0.5) ** 2;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let ray = 0; ray < raysPerSide ** 2; ray++) {
          const row = y * raysPerSide + Math.floor(ray / raysPerSide);
          const column = x * raysPerSide + (ray % raysPerSide);
          sum += canvas.light[(row * canvas.width + column) * 3 + c] ?? 0;
        }
        pixels[(y * width + x) * 3 + c] = encode((sum / raysPerSide ** 2) * (1 - 0.35 * corner));
      }
    }
  }
  return pixels;
}

/** Linear light to an sRGB byte, highlights rolled off rather than clipped. */
function encode(light: number): number {
  const soft = light < 0.8 ? light : 1 - 0.2 * Math.exp(-(light - 0.8) / 0.2);
  return Math.round(255 * (soft <= 0.0031308 ? 12.92 * soft : 1.055 * soft ** (1 / 2.4) - 0.055));
}
