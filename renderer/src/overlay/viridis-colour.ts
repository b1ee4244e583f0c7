import { viridis } from '#contract/overlay/viridis.ts';

const STEPS = 256;
const CSS_COLOURS = Array.from({ length: STEPS }, (_, i) => {
  const [red, green, blue] = viridis(i / (STEPS - 1));
  return `rgb(${red} ${green} ${blue})`;
});

/** {@link viridis} as a CSS colour, in 256 steps. */
export function viridisColour(share: number): string {
  const step = Math.round((STEPS - 1) * Math.min(1, Math.max(0, share)));
  return CSS_COLOURS[step] ?? 'rgb(0 0 0)';
}
