/**
 * A contact sheet of Shapes: `node build/make-shapes-sheet.ts <out.png> [train|val|test] [first] [rows] [size]`; a column a
 * class, each image above its mask.
 */

import { writeFile } from 'node:fs/promises';
import { encodePng } from '../electron/engine/motions/png.ts';
import { shapeClasses } from '../native-models/shapes/classes.ts';
import { shapeImage } from '../native-models/shapes/shape-image.ts';
import { imageLabel, shapeSplits } from '../native-models/shapes/splits.ts';

const [file = 'shapes.png', splitName = 'train', first = '0', rows = '6', side = '112'] = process.argv.slice(2);
const split = shapeSplits.find((name) => name === splitName) ?? 'train';
const [columns, size] = [shapeClasses.length, Number(side)];
const [width, height] = [columns * size, 2 * Number(rows) * size];
const sheet = new Uint8Array(width * height * 3);
const begin = Number(first);
const started = performance.now();
for (let index = begin; index < begin + columns * Number(rows); index++) {
  const { pixels, mask } = shapeImage(split, index, { size });
  const left = imageLabel(split, index) * size;
  const top = 2 * Math.floor((index - begin) / columns) * size;
  for (let y = 0; y < size; y++) {
    sheet.set(pixels.subarray(3 * y * size, 3 * (y + 1) * size), ((top + y) * width + left) * 3);
    for (let x = 0; x < size; x++) {
      const at = ((top + size + y) * width + left + x) * 3;
      sheet.fill(mask[y * size + x] === 1 ? 230 : 25, at, at + 3);
    }
  }
}
console.log(`${((performance.now() - started) / columns / Number(rows)).toFixed(2)} ms an image`);
await writeFile(file, encodePng('rgb', sheet, width, height));
