import type { Random } from '../../motions/random.ts';

/**
 * A closed line of straight pieces: x and y of each corner in turn. A hole runs the other way round than what it is cut
 * out of.
 */
export type Contour = readonly number[];

/** What a shape covers: the middle is at 0, and the farthest corner about 1 away. x to the right, y down. */
export type Outline = readonly Contour[];

/** Draws an outline of one class; no two are quite alike. */
export type OutlineFamily = (random: Random) => Outline;

/** The same line, run through the other way round. */
export function reversed(contour: Contour): Contour {
  const turned: number[] = [];
  for (let i = contour.length - 2; i >= 0; i -= 2) turned.push(contour[i] ?? 0, contour[i + 1] ?? 0);
  return turned;
}

export function scaled(contour: Contour, factor: number): Contour {
  return contour.map((value) => factor * value);
}

/** What `outline` covers, holes left out, by the shoelace formula. */
export function areaOf(outline: Outline): number {
  let twice = 0;
  for (const contour of outline) {
    for (let i = 0; i < contour.length; i += 2) {
      const next = (i + 2) % contour.length;
      twice += (contour[i] ?? 0) * (contour[next + 1] ?? 0) - (contour[next] ?? 0) * (contour[i + 1] ?? 0);
    }
  }
  return Math.abs(twice) / 2;
}

/** The farthest that `outline` gets from the middle. */
export function reachOf(outline: Outline): number {
  let squared = 0;
  for (const contour of outline) {
    for (let i = 0; i < contour.length; i += 2) {
      squared = Math.max(squared, (contour[i] ?? 0) ** 2 + (contour[i + 1] ?? 0) ** 2);
    }
  }
  return Math.sqrt(squared);
}
