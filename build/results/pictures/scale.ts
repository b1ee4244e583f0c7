/** Where numbers lie on a line of the picture. */
export interface Scale {
  /** Lowest and highest number. */
  readonly from: number;
  readonly to: number;
  /** Round numbers to write at it. */
  readonly ticks: readonly number[];
  /** Pixels of `value`. */
  at(value: number): number;
}

/**
 * A scale over `values` that begins and ends with round numbers.
 *
 * @param pixels Where its beginning and its end are.
 * @param bounds Numbers with which it begins and ends, where that is settled.
 */
export function scaleOver(
  values: readonly number[],
  pixels: readonly [number, number],
  bounds: { readonly from?: number; readonly to?: number } = {},
): Scale {
  const [least, most] = [bounds.from ?? Math.min(...values), bounds.to ?? Math.max(...values)];
  const spread = most > least ? most - least : Math.abs(most) || 1;
  const step = roundStep(spread / 5);
  const from = bounds.from ?? Math.floor(least / step) * step;
  const to = bounds.to ?? Math.max(Math.ceil(most / step) * step, from + step);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  const [begin, end] = pixels;
  return {
    from,
    to,
    ticks: Array.from({ length: count }, (_, i) => (first + i) * step),
    at: (value) => begin + ((value - from) / (to - from)) * (end - begin),
  };
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}
