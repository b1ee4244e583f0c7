import type { Architecture, Manifest, Resize } from './manifest.ts';

/** The test protocol of DeiT: 256 pixels of 224, bicubic. @see https://github.com/facebookresearch/deit, datasets.py */
const DEIT_RESIZE: Resize = { mode: 'short-side', filter: 'bicubic', cropFraction: 0.875 };

/** Pixels as the published models were trained on them: TimeSformer's own, or ImageNet's statistics. */
export function defaultPreprocessing({ kind }: Architecture): Manifest['preprocessing'] {
  return kind === 'timesformer'
    ? { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] }
    : { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], resize: DEIT_RESIZE };
}

/** How images become those that an image model looks at. */
export function resizeOf({ preprocessing }: Pick<Manifest, 'preprocessing'>): Resize {
  return preprocessing.resize ?? DEIT_RESIZE;
}

/** Pixels that an image is scaled to before the middle of `imageSize` is cut out. */
export function scaledSide(imageSize: number, { cropFraction }: Pick<Resize, 'cropFraction'>): number {
  // timm and DeiT round down; a fraction such as 224/248 has to lead back to 248 all the same.
  return Math.floor(imageSize / cropFraction + 1e-9);
}

/** What is done to an image, such as `short side to 256, bicubic, middle 224×224`. */
export function resizeInWords(manifest: Pick<Manifest, 'preprocessing' | 'architecture'>): string {
  const { imageSize } = manifest.architecture;
  const { mode, filter, cropFraction } = resizeOf(manifest);
  const side = scaledSide(imageSize, { cropFraction });
  const scaled = mode === 'squash' ? `squashed to ${side}×${side}` : `short side to ${side}`;
  return `${scaled}, ${filter}, ${cropFraction === 1 && mode === 'squash' ? 'whole' : `middle ${imageSize}×${imageSize}`}`;
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
