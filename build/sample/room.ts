import type { Colour } from '#native-models/motions/body/figure.ts';
import { colour } from './scene.ts';

/** Metres from the origin to the back wall. */
export const wallZ = 3.1;

const plaster = colour(0xb9c6cb);
const panel = colour(0xa9b8bf);
const skirting = colour(0xe6e4de);
const oak = colour(0xc9a57c);
const rug = colour(0x7f97a3);
const rugBorder = colour(0xd9d2c3);

const smooth = (x: number, from: number, to: number): number => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** 1 inside the interval, 0 outside, with edges `soft` wide. */
const within = (x: number, from: number, to: number, soft: number): number =>
  smooth(x, from - soft, from + soft) - smooth(x, to - soft, to + soft);

/** A repeatable number in 0–1 for each board of the floor. */
const variety = (n: number): number => {
  const x = Math.sin(n * 127.1 + 11.7) * 43758.5453;
  return x - Math.floor(x);
};

/** Boards along z, a rug under the figures, darker towards the wall; `shadow` in 0–1 (see `floorShadow`). */
export function floorLight(x: number, z: number, shadow: number, out: number[]): void {
  const board = Math.floor(x / 0.22);
  const joint = within(x / 0.22 - board, 0.04, 0.96, 0.035);
  const grain = 0.9 + 0.16 * variety(board) + 0.03 * Math.sin(z * 5 + 9 * variety(board + 7));
  const wood = grain * (0.8 + 0.2 * joint);

  const onRug = within(x, -2.1, 2.1, 0.02) * within(z, -1.35, 1.25, 0.02);
  const inner = within(x, -1.95, 1.95, 0.02) * within(z, -1.2, 1.1, 0.02);
  const lit = 0.86 - 0.1 * smooth(Math.hypot(x + 0.7, z), 0.5, 4.5) - 0.22 * smooth(z, wallZ - 0.5, wallZ);
  const direct = lit * (1 - 0.62 * shadow);
  for (let c = 0; c < 3; c++) {
    const cloth = inner * (rug[c] ?? 0) + (1 - inner) * (rugBorder[c] ?? 0);
    const cool = 1 + 0.05 * shadow * (c - 1);
    out[c] = (onRug * cloth + (1 - onRug) * wood * (oak[c] ?? 0)) * direct * cool;
  }
}

/** A panelled wall with a skirting board and a slanting patch of window light. */
export function wallLight(x: number, y: number, out: number[]): void {
  const column = x / 1.35 - Math.floor(x / 1.35);
  const inPanel = within(column, 0.09, 0.91, 0.012) * within(y, 0.32, 2.35, 0.015);
  const board = 1 - smooth(y, 0.115, 0.13);
  const shift = x + 0.5 * (y - 1.6);
  const panes = within(shift, 0.15, 0.85, 0.07) + within(shift, 0.98, 1.68, 0.07);
  const sun = panes * within(y, 0.95, 2.75, 0.1) * 0.2;
  const lit = 0.74 - 0.1 * smooth(Math.abs(x + 0.4), 0.5, 3.5) - 0.16 * (1 - smooth(y, 0, 0.9)) * (1 - board);
  const sunlight: Colour = [1.1, 1, 0.82];
  for (let c = 0; c < 3; c++) {
    const paint = inPanel * (panel[c] ?? 0) + (1 - inPanel) * (plaster[c] ?? 0);
    const surface = board * (skirting[c] ?? 0) + (1 - board) * paint;
    out[c] = surface * (lit + sun * (sunlight[c] ?? 0));
  }
}
