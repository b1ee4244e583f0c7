import { arrangementFeeds, arrangeTokens } from '../architectures/timesformer/arrangement.ts';
import { type ViewCost, viewCost } from '../architectures/timesformer/cost.ts';
import { tokenGrid } from '../architectures/timesformer/layout.ts';
import { addRollout } from '../architectures/timesformer/rollout.ts';
import { addSaliency } from '../architectures/timesformer/saliency.ts';
import { addStem } from '../architectures/timesformer/stem.ts';
import { addDenseTrunk, addSelectedTrunk } from '../architectures/timesformer/trunk.ts';
import type { Bundle } from '../bundle/load-bundle.ts';
import type { TimesformerConfig } from '../bundle/manifest.ts';
import { videoConfig } from '../bundle/model-kind.ts';
import { bucketFor } from './buckets.ts';
import { type AddPart, BundleParts } from './bundle-parts.ts';
import { fusionFor } from './fusion.ts';
import type { HostTensor } from './host-tensor.ts';
import type { InferenceRuntime } from './inference-runtime.ts';

/** One view after the stem. */
export interface EmbeddedView {
  /** `[1, 1 + patches·frames, dim]`, float32. */
  readonly tokens: HostTensor;
  /** `[patches·frames]`, the interpreter's; `null` without one. */
  readonly scores: Float32Array | null;
}

/**
 * A video model ready to run: the graphs of one bundle, built for the device at hand when they are first needed.
 *
 * A view goes through the stem, then a selector chooses tokens, then the trunk runs on what was kept.
 */
export class VideoModel {
  readonly bundle: Bundle;
  readonly config: TimesformerConfig;
  readonly #parts: BundleParts;

  /** @throws ModelKindError when the bundle holds an image model. */
  constructor(bundle: Bundle, runtime: InferenceRuntime) {
    this.config = videoConfig(bundle.manifest);
    this.bundle = bundle;
    this.#parts = new BundleParts(bundle, runtime);
  }

  /** Patch tokens of one view: patches · frames. */
  get tokenCount(): number {
    const { patches, frames } = tokenGrid(this.config);
    return patches * frames;
  }

  /** What a view costs with these tokens kept; `null` for all, without interpreter. */
  cost(kept: Uint32Array | null, interpreted: boolean): ViewCost {
    return viewCost(this.config, kept, interpreted, this.bundle.manifest.selection?.interpreter);
  }

  /** Turns a view, `[3, frames, side, side]` normalised, into tokens and, with an interpreter, scores. */
  async embed(view: Float32Array, signal?: AbortSignal): Promise<EmbeddedView> {
    const { numFrames, imageSize } = this.config;
    const { selection } = this.bundle.manifest;
    const clip: HostTensor = { dtype: 'float32', dims: [1, 3, numFrames, imageSize, imageSize], data: view };
    const { tokens, scores } = await this.#parts.run({
      part: selection === null ? 'stem' : 'stem with interpreter',
      add: (parameters, _target, precise) => addStem(this.config, selection, parameters, precise),
      feeds: { clip },
      signal,
    });
    if (tokens === undefined) throw new Error('The stem gave no tokens.');
    return { tokens, scores: scores === undefined ? null : (scores.data as Float32Array).subarray(1) };
  }

  /** Attention of CLS to each patch token in the first block, `[patches·frames]`; 1 is uniform attention. */
  async saliency({ tokens }: EmbeddedView, signal?: AbortSignal): Promise<Float32Array> {
    const add: AddPart = (parameters) => addSaliency(this.config, parameters);
    const { saliency } = await this.#parts.run({ part: 'saliency', add, feeds: { tokens }, signal });
    return saliency?.data as Float32Array;
  }

  /**
   * Attention rollout: how much of each patch token reaches CLS through all blocks, `[patches·frames]`; 1 is an even
   * mixture. Takes about what classifying the whole view does, and memory for a block's weights of every head; where a
   * device has too little of it, this fails, and what else runs there goes on.
   */
  async rollout({ tokens }: EmbeddedView, signal?: AbortSignal): Promise<Float32Array> {
    const add: AddPart = (parameters) => addRollout(this.config, parameters);
    const { rollout } = await this.#parts.run({ part: 'rollout', add, feeds: { tokens }, signal, whenShort: 'fail' });
    return rollout?.data as Float32Array;
  }

  /**
   * Class logits `[classes]` of a view from its kept tokens.
   *
   * @param kept Sorted patch token indices, or `null` for all: then the graph without any gathering runs.
   */
  async classify({ tokens }: EmbeddedView, kept: Uint32Array | null, signal?: AbortSignal): Promise<Float32Array> {
    const { config } = this;
    const { logits } = await (kept === null
      ? this.#parts.run({
          part: 'dense',
          add: (parameters, target) => addDenseTrunk(config, parameters, fusionFor(target)),
          feeds: { tokens },
          signal,
        })
      : this.#parts.run({
          part: 'selected',
          add: (parameters, target) =>
            addSelectedTrunk(config, parameters, { ...fusionFor(target), padded: bucketFor(target) > 1 }),
          feeds: (target) => {
            const bucket = bucketFor(target);
            const arrangement = arrangeTokens(config.attention, kept, config.numFrames, bucket);
            return { tokens, ...arrangementFeeds(config.attention, arrangement, bucket > 1) };
          },
          signal,
        }));
    return logits?.data as Float32Array;
  }
}
