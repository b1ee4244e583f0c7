import { z } from 'zod';
import type { Manifest, Resize } from '../bundle/manifest.ts';

/** How publishers say what their image models are to be shown. */

const rgb = z.tuple([z.number(), z.number(), z.number()]);
const pixels = z.number().positive();
const side = z.union([pixels, z.object({ height: pixels, width: pixels }), z.object({ shortest_edge: pixels })]);

/** `preprocessor_config.json` of transformers, for ViT and DeiT. */
export const processorSchema = z.object({
  image_mean: rgb.optional(),
  image_std: rgb.optional(),
  size: side.optional(),
  do_center_crop: z.boolean().default(false),
  crop_size: side.optional(),
  resample: z.int().optional(),
});

/** `pretrained_cfg` of timm. */
export const timmSchema = z.object({
  mean: rgb.optional(),
  std: rgb.optional(),
  interpolation: z.string().default('bicubic'),
  /** timm's own default. */
  crop_pct: z.number().positive().max(1).nullish(),
  crop_mode: z.string().default('center'),
  label_names: z.array(z.string()).nullish(),
});

/** What was understood, and a sentence for everything that images will not be given. */
export interface StatedPreprocessing {
  readonly preprocessing: Manifest['preprocessing'] | null;
  readonly warnings: readonly string[];
}

const TIMM_CROP = 0.875;

/** Pillow's numbers for its filters. */
const PILLOW_FILTERS: ReadonlyMap<number, string> = new Map([
  [0, 'nearest'],
  [1, 'lanczos'],
  [2, 'bilinear'],
  [3, 'bicubic'],
  [4, 'box'],
  [5, 'hamming'],
]);

/** @see transformers, `ViTImageProcessor`: a size that is one number is that of both sides. */
export function preprocessingOfTransformers(stated: z.infer<typeof processorSchema>): StatedPreprocessing {
  const { image_mean: mean, image_std: std, size = 224, do_center_crop: isCropped, crop_size: crop, resample } = stated;
  if (mean === undefined || std === undefined) return { preprocessing: null, warnings: [] };
  const [scaled, cut] = [pixelsOf(size), crop === undefined ? pixelsOf(size) : pixelsOf(crop)];
  const { filter, warnings } = filterOf(PILLOW_FILTERS.get(resample ?? 2) ?? `number ${resample}`);
  const resize: Resize = {
    mode: typeof size === 'object' && 'shortest_edge' in size ? 'short-side' : 'squash',
    filter,
    cropFraction: isCropped ? Math.min(1, cut / scaled) : 1,
  };
  return { preprocessing: { mean, std, resize }, warnings };
}

/** @see timm, `data/transforms_factory.py`, transforms_imagenet_eval */
export function preprocessingOfTimm(stated: z.infer<typeof timmSchema>): StatedPreprocessing {
  const { mean, std, interpolation, crop_pct: fraction, crop_mode: mode } = stated;
  if (mean === undefined || std === undefined) return { preprocessing: null, warnings: [] };
  const { filter, warnings } = filterOf(interpolation);
  const resize: Resize = {
    mode: mode === 'squash' ? 'squash' : 'short-side',
    filter,
    cropFraction: fraction ?? TIMM_CROP,
  };
  const known = mode === 'center' || mode === 'squash';
  const unknown = known ? [] : [`Images are to be cropped by "${mode}"; the middle of them will be cut out.`];
  return { preprocessing: { mean, std, resize }, warnings: [...warnings, ...unknown] };
}

function pixelsOf(size: z.infer<typeof side>): number {
  if (typeof size === 'number') return size;
  return 'shortest_edge' in size ? size.shortest_edge : Math.min(size.height, size.width);
}

function filterOf(name: string): { readonly filter: Resize['filter']; readonly warnings: readonly string[] } {
  if (name === 'bicubic' || name === 'bilinear') return { filter: name, warnings: [] };
  return { filter: 'bicubic', warnings: [`Images are to be resized by "${name}"; they will be by bicubic.`] };
}
