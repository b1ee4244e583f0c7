import { viewCost } from '#native-models/architectures/timesformer/cost.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { availableSelectors, type SelectorName } from '#native-models/selection/selector.ts';

/** What a person wants to know of a model at a glance. */
export interface ModelFacts {
  readonly kind: string;
  readonly input: string;
  readonly parameters: number;
  readonly bytes: number;
  /** 10⁹ multiply-accumulates of a view with every token; `null` for image models. */
  readonly gmacs: number | null;
  readonly selectors: readonly SelectorName[];
  readonly licence: string;
}

export function modelFacts({ manifest, tensors }: Bundle): ModelFacts {
  const { architecture, sampling } = manifest;
  const video = architecture.kind === 'timesformer';
  const size = `${architecture.imageSize}×${architecture.imageSize}`;
  return {
    kind: video ? `TimeSformer, ${architecture.attention.replaceAll('_', ' ')}` : 'DeiT',
    input: video ? `${architecture.numFrames} frames of ${size}, rate ${sampling?.samplingRate ?? '?'}` : size,
    parameters: [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0),
    bytes: manifest.weights.bytes,
    gmacs: video ? viewCost(architecture, null, false).total : null,
    selectors: availableSelectors(manifest),
    licence: manifest.licence.name,
  };
}
