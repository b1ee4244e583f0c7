import { cosine, sine } from '../sine.ts';

/** A point or direction: x to the right, y up, z away from the camera. Metres where it is a length. */
export type Vector = readonly [x: number, y: number, z: number];

export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const normalize = (a: Vector): Vector => scale(a, 1 / Math.sqrt(dot(a, a)));

/** A rotation, as the function that turns a vector. */
export type Turn = (v: Vector) => Vector;

/** Turns about the x axis; a positive angle moves what hangs down towards +z. */
export function turnX(radians: number): Turn {
  const [c, s] = [cosine(radians), sine(radians)];
  return ([x, y, z]) => [x, c * y + s * z, c * z - s * y];
}

/** Turns about the y axis; a positive angle moves +z towards +x. */
export function turnY(radians: number): Turn {
  const [c, s] = [cosine(radians), sine(radians)];
  return ([x, y, z]) => [c * x + s * z, y, c * z - s * x];
}

/** Turns about the z axis; a positive angle moves what hangs down towards +x. */
export function turnZ(radians: number): Turn {
  const [c, s] = [cosine(radians), sine(radians)];
  return ([x, y, z]) => [c * x - s * y, c * y + s * x, z];
}

/** The last turn is applied first, as in a product of matrices. */
export function compose(...turns: readonly Turn[]): Turn {
  return (v) => turns.reduceRight((turned, turn) => turn(turned), v);
}
