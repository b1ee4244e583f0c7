import { SelectorUnavailableError } from '#contract/errors.ts';
import { alwaysKept } from '#contract/selection.ts';
import type { EmbeddedView, VideoModel } from '#native-models/runtime/video-model.ts';
import { frameDifferenceScores } from '#native-models/selection/frame-difference-scores.ts';
import { keepTokens, type TokenSelection } from '#native-models/selection/keep.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';
import type { Selector } from '#native-models/selection/selector.ts';

/** One view on its way through the model. */
export interface ViewInProgress {
  /** `[3, frames, side, side]`, normalised. */
  readonly pixels: Float32Array;
  readonly embedded: EmbeddedView;
  /** Numbers the views of an analysis, so that chance differs between them and repeats between runs. */
  readonly stream: number;
}

/** The tokens that `selector` keeps of a view. */
export async function chooseTokens(
  model: VideoModel,
  selector: Selector,
  view: ViewInProgress,
  signal?: AbortSignal,
): Promise<TokenSelection> {
  switch (selector.name) {
    case 'full': {
      const scores = view.embedded.scores ?? new Float32Array(model.tokenCount).fill(1);
      return { kept: Uint32Array.from(scores, (_, token) => token), scores };
    }
    case 'interpreter':
      if (view.embedded.scores === null) {
        throw new SelectorUnavailableError(`The model "${model.bundle.manifest.name}" has no interpreter.`);
      }
      return keepTokens(view.embedded.scores, selector.rule);
    case 'random':
      return keepTokens(randomScores(model.tokenCount, selector.seed, view.stream), selector.rule);
    case 'saliency':
      return keepTokens(await model.saliency(view.embedded, signal), selector.rule);
    case 'frame-difference': {
      const { numFrames, imageSize, patchSize } = model.config;
      const scores = frameDifferenceScores(view.pixels, { frames: numFrames, side: imageSize, patchSize });
      return keepTokens(scores, selector.rule, alwaysKept(selector.name, numFrames));
    }
  }
}
