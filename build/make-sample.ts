/** Draws the samples anew: `node build/make-sample.ts [name…]` writes build/sample/NAME.mp4, and shape.jpg. */

import { stat } from 'node:fs/promises';
import { encodeSample, samplePath } from './sample/encode.ts';
import { movingFigures } from './sample/moving-figures.ts';
import { oneAfterAnother } from './sample/one-after-another.ts';
import { format } from './sample/scene.ts';
import { writeShape } from './sample/shape.ts';

const names = process.argv.slice(2);
for (const sample of [movingFigures, oneAfterAnother]) {
  if (names.length > 0 && !names.includes(sample.name)) continue;
  await encodeSample(sample, (drawn) => {
    if (drawn % format.framesPerSecond === 0) console.error(`${sample.name}: ${drawn} of ${sample.frames} frames`);
  });
  const { size } = await stat(samplePath(sample));
  console.log(`${sample.name}: ${Math.round(size / 1000)} kB`);
}
if (names.length === 0 || names.includes('shape')) console.log(`shape: ${Math.round((await writeShape()) / 1000)} kB`);
