import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { shapeImage } from '#native-models/shapes/shape-image.ts';
import { shapeSplits } from '#native-models/shapes/splits.ts';
import { shapesVersion } from '#native-models/shapes/version.ts';

/** The bytes of each version so far. A model's card names the version; these bytes are what the name stands for. */
const bytes: Readonly<Record<number, string>> = {
  1: 'a6e747599e7125bc8dc5a88bf0e01f78bda0bd5a321c53b2cc0f1dc9bfea1f0f',
};

test('a version of the data set is the same bytes on every machine and in every year', () => {
  const hash = createHash('sha256');
  for (const split of shapeSplits) {
    for (let index = 0; index < 48; index++) {
      const { pixels, mask, label } = shapeImage(split, index, { size: 96 });
      hash.update(pixels).update(mask).update(String(label));
    }
  }
  expect(hash.digest('hex')).toBe(bytes[shapesVersion]);
});
