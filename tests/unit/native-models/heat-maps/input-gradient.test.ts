import { expect, it } from 'vitest';
import { gradientTimesInput } from '#native-models/heat-maps/input-gradient.ts';

it('is, for each patch, the mean of what its pixels’ channels come to together', () => {
  // Two by two patches of two by two pixels; one channel takes away what another adds.
  const [side, plane] = [4, 16];
  const image = new Float32Array(3 * plane).fill(1);
  const gradient = new Float32Array(3 * plane);
  gradient[0] = 2;
  gradient[plane] = -2;
  gradient[3] = -3;
  gradient[2 * plane + 3 * side + 3] = 5;
  gradient[2 * plane + 2 * side + 2] = -1;
  const { width, height, scores } = gradientTimesInput(gradient, image, 2);
  expect([width, height]).toEqual([2, 2]);
  expect([...scores]).toEqual([0, 3 / 4, 0, 6 / 4]);
});
