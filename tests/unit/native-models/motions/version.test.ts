import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { motionClip } from '../../../../native-models/motions/motion-clip.ts';
import { motionSplits } from '../../../../native-models/motions/splits.ts';
import { motionsVersion } from '../../../../native-models/motions/version.ts';

/** The bytes of each version so far. A model's card names the version; these bytes are what the name stands for. */
const bytes: Readonly<Record<number, string>> = {
  1: '0c4717d71d7177f347fd881ad4e264057562cc15d7694884dbe8730483afb439',
};

test('a version of the data set is the same bytes on every machine and in every year', () => {
  const hash = createHash('sha256');
  for (const split of motionSplits) {
    for (let index = 0; index < 36; index++) {
      const { pixels, mask, label } = motionClip(split, index, { frames: 4, size: 64 });
      hash.update(pixels).update(mask).update(String(label));
    }
  }
  expect(hash.digest('hex')).toBe(bytes[motionsVersion]);
});
