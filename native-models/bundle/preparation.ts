import type { Architecture, Manifest } from './manifest.ts';

/** Pixels as the published models were trained on them: TimeSformer's own, or ImageNet's statistics. */
export function defaultPreprocessing({ kind }: Architecture): Manifest['preprocessing'] {
  return kind === 'timesformer'
    ? { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] }
    : { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
}

/**
 * How densely a clip is sampled. Published: TimeSformer 8×32, HR 16×16, L 96×4; other lengths get the same span of time
 * as the first two. `null` for image models.
 */
export function defaultSampling(architecture: Architecture, samplingRate?: number): Manifest['sampling'] {
  if (architecture.kind !== 'timesformer') return null;
  const { numFrames } = architecture;
  const published = numFrames === 96 ? 4 : Math.max(1, Math.round(256 / numFrames));
  return { numFrames, samplingRate: samplingRate ?? published };
}
