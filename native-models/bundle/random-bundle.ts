import type { TensorEntry, WriteOptions } from '../checkpoints/write-safetensors.ts';
import type { Bundle } from './load-bundle.ts';
import type { Architecture, Selection } from './manifest.ts';
import { nearlyNormal } from './nearly-normal.ts';
import { expectedParameters, isNormScale } from './parameters.ts';
import { defaultPreprocessing, defaultSampling } from './preparation.ts';
import { writeBundle } from './write-bundle.ts';

export interface RandomBundleOptions extends WriteOptions {
  readonly seed: number;
  readonly selection: Selection | null;
  /** Names of the classes; "class n" when there are none. */
  readonly labels?: readonly string[] | undefined;
  readonly title: string;
  readonly dtype?: 'F32' | 'F16' | undefined;
  /** Frames of a 30 frames/s video from one sampled frame to the next; as published for this many frames when absent. */
  readonly samplingRate?: number | undefined;
}

/** Standard deviation of fresh weights, as in DeiT and TimeSformer (`trunc_normal_(std=.02)`). */
export const FRESH_DEVIATION = 0.02;
const CHUNK_ELEMENTS = 2 ** 18;

/**
 * Writes a bundle with random weights: the same for the same seed on every machine.
 *
 * Weights begin as those of a model that is to be trained, with a little noise in the normalisations too, so that no
 * parameter could be left out or swapped without a change of the output.
 *
 * @param directory Becomes the bundle; its last part is the model's name.
 * @throws BundleExistsError, BundleInvalidError as {@link writeBundle} does.
 */
export function createRandomBundle(
  directory: string,
  architecture: Architecture,
  { seed, selection, labels, title, dtype = 'F32', samplingRate, ...options }: RandomBundleOptions,
): Promise<Bundle> {
  const classNames = labels ?? Array.from({ length: architecture.classes }, (_, index) => `class ${index}`);
  const tensors = [...expectedParameters(architecture, selection)].map(([name, shape]) =>
    randomTensor(name, shape, dtype, seed),
  );
  const manifest = {
    title,
    architecture,
    preprocessing: defaultPreprocessing(architecture),
    sampling: defaultSampling(architecture, samplingRate),
    selection,
    trained: false,
    training: null,
    licence: { name: 'Apache-2.0', source: null },
  };
  return writeBundle(directory, { manifest, labels: classNames, tensors }, options);
}

function randomTensor(name: string, shape: readonly number[], dtype: 'F32' | 'F16', seed: number): TensorEntry {
  const elements = shape.reduce((product, size) => product * size, 1);
  const mean = isNormScale(name) ? 1 : 0;
  return {
    name,
    dtype,
    shape,
    *data() {
      const next = nearlyNormal(seed, name);
      const values = new (dtype === 'F32' ? Float32Array : Float16Array)(Math.min(elements, CHUNK_ELEMENTS));
      for (let done = 0; done < elements; done += values.length) {
        const count = Math.min(values.length, elements - done);
        for (let i = 0; i < count; i++) values[i] = mean + FRESH_DEVIATION * next();
        yield new Uint8Array(values.buffer, 0, count * values.BYTES_PER_ELEMENT);
      }
    },
  };
}
