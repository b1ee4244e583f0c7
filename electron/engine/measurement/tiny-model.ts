import type { AttentionType, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { motionClasses } from '#native-models/motions/classes.ts';

/** As large as the model that is trained on Motions: 8 frames of 128×128. */
export function tinyModel(attention: AttentionType): TimesformerConfig {
  return {
    kind: 'timesformer',
    attention,
    numFrames: 8,
    imageSize: 128,
    patchSize: 16,
    dim: 128,
    depth: 6,
    heads: 4,
    mlpDim: 512,
    classes: motionClasses.length,
    layerNormEps: 1e-6,
  };
}
