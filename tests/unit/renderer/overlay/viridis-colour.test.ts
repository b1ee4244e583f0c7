import { expect, test } from 'vitest';
import { viridis } from '#contract/overlay/viridis.ts';
import { viridisColour } from '../../../../renderer/src/overlay/viridis-colour.ts';

test('a colour of the map in words of CSS, to the nearest of its steps', () => {
  const [red, green, blue] = viridis(51 / 255);
  for (const share of [51 / 255, 51.4 / 255]) expect(viridisColour(share)).toBe(`rgb(${red} ${green} ${blue})`);
});

test('what is outside takes the nearer end', () => {
  expect(viridisColour(Number.POSITIVE_INFINITY)).toBe(viridisColour(1));
  expect(viridisColour(-1)).toBe(viridisColour(0));
});
