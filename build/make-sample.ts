/** Draws the sample video anew: `node build/make-sample.ts` writes build/sample/moving-figures.mp4. */

import { stat } from 'node:fs/promises';
import { encodeSample, samplePath } from './sample/encode.ts';
import { sample } from './sample/scene.ts';

await encodeSample(samplePath, (drawn) => {
  if (drawn % sample.framesPerSecond === 0) console.error(`${drawn} of ${sample.frames} frames`);
});
const { size } = await stat(samplePath);
console.log(`${samplePath}: ${Math.round(size / 1000)} kB`);
