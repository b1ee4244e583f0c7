import type { EmbeddedView, VideoModel } from '#native-models/runtime/video-model.ts';
import type { Selector } from '#native-models/selection/selector.ts';

/** Class logits, `[classes]`, from what `selector` kept; a selector that keeps everything runs without gathering. */
export function runTrunk(
  model: VideoModel,
  selector: Selector,
  embedded: EmbeddedView,
  kept: Uint32Array,
  signal?: AbortSignal,
): Promise<Float32Array> {
  return model.classify(embedded, selector.name === 'full' ? null : kept, signal);
}

/** What a view takes, stem to logits, with these tokens kept; in 10⁹ multiply-accumulates. */
export function viewGmacs(model: VideoModel, selector: Selector, kept: Uint32Array): number {
  return selector.name === 'full' ? fullGmacs(model) : model.cost(kept, selector.name === 'interpreter').total;
}

/** What a view takes with every token and without an interpreter. */
export function fullGmacs(model: VideoModel): number {
  return model.cost(null, false).total;
}
