import type { TensorEntry, WriteOptions } from '../checkpoints/write-safetensors.ts';
import type { Bundle } from './load-bundle.ts';
import type { Architecture, Selection } from './manifest.ts';
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
const STD = 0.02;
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
        for (let i = 0; i < count; i++) values[i] = mean + STD * next();
        yield new Uint8Array(values.buffer, 0, count * values.BYTES_PER_ELEMENT);
      }
    },
  };
}

/**
 * Numbers of mean 0 and deviation 1, none beyond ±3.5: sums of four 16-bit numbers (Irwin and Hall), which costs two steps
 * of a generator instead of a logarithm and a cosine. A base model has 120 million of them.
 */
function nearlyNormal(seed: number, stream: string): () => number {
  let state = (seed ^ fnv1a(stream)) | 0;
  // SplitMix32 (Steele, Lea, Flood 2014, reduced to 32 bits).
  const bits = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  // Four uniform numbers of 0 … 2¹⁶ − 1 have the mean 2·(2¹⁶ − 1) and the deviation √(4/12)·2¹⁶.
  const mean = 2 * 0xffff;
  const deviation = 2 ** 16 / Math.sqrt(3);
  return () => {
    const [a, b] = [bits(), bits()];
    return ((a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16) - mean) / deviation;
  };
}

/** A number for a name (Fowler, Noll, Vo): tells the parameters' streams apart, whatever their order. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
