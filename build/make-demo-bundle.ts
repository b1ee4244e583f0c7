/** Makes the bundle of the demo anew: `node build/make-demo-bundle.ts` writes native-models/bundles/untrained-tiny. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';

/** Where the bundles lie that come with Patchlight. */
export const bundlesDirectory = fileURLToPath(new URL('../native-models/bundles', import.meta.url));

export const demoBundleName = 'untrained-tiny';

const labels = [
  'walking',
  'running',
  'waving',
  'clapping',
  'jumping jacks',
  'jumping',
  'squatting',
  'bending down',
  'stretching',
  'kicking',
  'throwing',
  'turning around',
  'sitting down',
  'standing still',
];

/**
 * Writes the demo's bundle into `parent`: a TimeSformer with joint attention, small enough to travel with the repository,
 * whose weights are random numbers. It stands in until a model has been trained.
 */
export function makeDemoBundle(parent: string): Promise<Bundle> {
  const dim = 96;
  const depth = 4;
  return createRandomBundle(
    join(parent, demoBundleName),
    {
      kind: 'timesformer',
      attention: 'joint_space_time',
      numFrames: 8,
      imageSize: 128,
      patchSize: 16,
      dim,
      depth,
      heads: 4,
      mlpDim: 4 * dim,
      classes: labels.length,
      layerNormEps: 1e-6,
    },
    {
      seed: 1,
      title: 'Tiny TimeSformer, untrained',
      labels,
      dtype: 'F16',
      // Clips of about two seconds, so that the ten of the sample give several.
      samplingRate: 8,
      selection: { heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: depth }] },
    },
  );
}

if (import.meta.main) {
  await rm(join(bundlesDirectory, demoBundleName), { recursive: true, force: true });
  const { directory, manifest } = await makeDemoBundle(bundlesDirectory);
  console.log(`${directory}: ${Math.round(manifest.weights.bytes / 1000)} kB of weights`);
}
