import { imageCost } from '#native-models/architectures/deit/cost.ts';
import { viewCost } from '#native-models/architectures/timesformer/cost.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Architecture, Manifest } from '#native-models/bundle/manifest.ts';
import { availableSelectors, type SelectorName } from '#native-models/selection/selector.ts';

/** What an architecture is, in words and numbers. */
export interface ArchitectureFacts {
  readonly kind: string;
  readonly input: string;
  /** 10⁹ multiply-accumulates of a view, or an image, with every token and without interpreters. */
  readonly gmacs: number;
}

/** What a person wants to know of a model at a glance. */
export interface ModelFacts extends ArchitectureFacts {
  readonly parameters: number;
  readonly bytes: number;
  readonly selectors: readonly SelectorName[];
  readonly licence: string;
}

export function modelFacts({ manifest, tensors }: Bundle): ModelFacts {
  return {
    ...architectureFacts(manifest.architecture, manifest.sampling),
    parameters: [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0),
    bytes: manifest.weights.bytes,
    selectors: availableSelectors(manifest),
    licence: manifest.licence.name,
  };
}

export function architectureFacts(architecture: Architecture, sampling: Manifest['sampling']): ArchitectureFacts {
  const size = `${architecture.imageSize}×${architecture.imageSize}`;
  if (architecture.kind === 'deit') {
    const all = [{ firstBlock: 0, blocks: architecture.depth }];
    return { kind: 'DeiT', input: `images of ${size}`, gmacs: imageCost(architecture, all, null, false).total };
  }
  return {
    kind: `TimeSformer, ${architecture.attention.replaceAll('_', ' ')}`,
    input: `${architecture.numFrames} frames of ${size}, rate ${sampling?.samplingRate ?? '?'}`,
    gmacs: viewCost(architecture, null, false).total,
  };
}
