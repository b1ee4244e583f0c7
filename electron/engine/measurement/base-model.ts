import type { AttentionType, TimesformerConfig } from '#native-models/bundle/manifest.ts';

/** TimeSformer-B/16 as published for Kinetics-400: 8 frames of 224×224 (Bertasius, Wang, Torresani 2021). */
export function baseModel(attention: AttentionType): TimesformerConfig {
  return {
    kind: 'timesformer',
    attention,
    numFrames: 8,
    imageSize: 224,
    patchSize: 16,
    dim: 768,
    depth: 12,
    heads: 12,
    mlpDim: 3072,
    classes: 400,
    layerNormEps: 1e-6,
  };
}
