/**
 * A contact sheet of the data set: `node build/make-motions-sheet.ts <out.png> [train|val|test] [first] [clips] [size]
 * [class]`; one row a clip, its 8 frames and their masks. Rows are sorted by class.
 */

import { writeFile } from 'node:fs/promises';
import { encodePng } from '../electron/engine/motions/png.ts';
import { motionClasses } from '../native-models/motions/classes.ts';
import { motionClip } from '../native-models/motions/motion-clip.ts';
import { clipLabel, motionSplits } from '../native-models/motions/splits.ts';

const [file = 'motions.png', splitName = 'train', first = '0', count = '18', side = '96', only = ''] =
  process.argv.slice(2);
const split = motionSplits.find((name) => name === splitName) ?? 'train';
const [frames, size] = [8, Number(side)];

const indices: number[] = [];
for (let index = Number(first); indices.length < Number(count); index++) {
  if (only === '' || motionClasses[clipLabel(split, index)] === only) indices.push(index);
}
indices.sort((a, b) => clipLabel(split, a) - clipLabel(split, b));

const width = frames * size;
const sheet = new Uint8Array(indices.length * size * width * 3);
for (const [row, index] of indices.entries()) {
  const { pixels, mask, label } = motionClip(split, index, { frames, size });
  let covered = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let y = 0; y < size; y++) {
      const from = (frame * size + y) * size;
      sheet.set(pixels.subarray(3 * from, 3 * (from + size)), ((row * size + y) * width + frame * size) * 3);
    }
  }
  for (const value of mask) covered += value;
  console.log(`${index} ${motionClasses[label]} ${((100 * covered) / mask.length).toFixed(1)} % of the pixels`);
}
await writeFile(file, encodePng('rgb', sheet, width, indices.length * size));
