import { type HeatMap, patchMap } from '#native-models/heat-maps/heat-map.ts';

/** Images that are looked at together. */
const BATCH = 14;

export interface OcclusionInput {
  /** `[3, side, side]`, normalised: 0 is the mean colour. */
  readonly image: Float32Array;
  readonly side: number;
  readonly patchSize: number;
  /** The class in question. */
  readonly wanted: number;
  /** Class probabilities `[images, classes]` of `[images, 3, side, side]`. */
  readonly classify: (images: Float32Array) => Promise<readonly Float32Array[]>;
}

/**
 * How much of a class's probability goes with each patch when it becomes plain (Zeiler, Fergus, *Visualizing and Understanding
 * Convolutional Networks*, ECCV 2014, section 4.2, with patches for squares): an image for every patch.
 */
export async function occlusion({ image, side, patchSize, wanted, classify }: OcclusionInput): Promise<HeatMap> {
  const across = side / patchSize;
  const [whole] = await classify(image);
  const scores = new Float32Array(across * across);
  for (let first = 0; first < scores.length; first += BATCH) {
    const count = Math.min(BATCH, scores.length - first);
    const images = new Float32Array(count * image.length);
    for (let i = 0; i < count; i++) {
      images.set(image, i * image.length);
      blank(images.subarray(i * image.length, (i + 1) * image.length), first + i, side, patchSize);
    }
    for (const [i, probabilities] of (await classify(images)).entries()) {
      scores[first + i] = (whole?.[wanted] ?? 0) - (probabilities[wanted] ?? 0);
    }
  }
  return patchMap(scores);
}

function blank(image: Float32Array, patch: number, side: number, patchSize: number): void {
  const across = side / patchSize;
  const [top, left] = [Math.floor(patch / across) * patchSize, (patch % across) * patchSize];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = top; y < top + patchSize; y++) {
      const row = (channel * side + y) * side + left;
      image.fill(0, row, row + patchSize);
    }
  }
}
