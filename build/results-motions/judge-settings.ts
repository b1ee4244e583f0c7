import { judgeView } from '#engine/evaluation/judge-clip.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { Selector } from '#native-models/selection/selector.ts';
import { type BesideChance, type Figures, FiguresTally } from '../results/figures.ts';
import type { Measuring } from './measuring.ts';
import { type TestClip, testClips } from './test-clips.ts';

export const FULL: Selector = { name: 'full' };

/** Chance that keeps as many tokens as something else did. */
export function asManyByChance(keptTokens: number, tokens: number, seed: number): Selector {
  return { name: 'random', seed, rule: { kind: 'keep', ratio: keptTokens / tokens } };
}

/** The seed of that chance. */
export const CHANCE_SEED = 1;

/** Judges the full model clip by clip. */
export class FullModel {
  readonly #model: VideoModel;
  readonly #tally = new FiguresTally();

  private constructor(model: VideoModel) {
    this.#model = model;
  }

  /** Ready to be timed. */
  static async of({ full, signal }: Measuring): Promise<FullModel> {
    await warmUp(full, [FULL], signal);
    return new FullModel(full);
  }

  async judge({ index, label, pixels }: TestClip, signal?: AbortSignal): Promise<void> {
    for (const view of await judgeView(this.#model, pixels, index, [FULL], signal)) this.#tally.add(view, label);
  }

  get figures(): Figures {
    return this.#tally.figures(this.#model.tokenCount);
  }
}

/** Judges the full model on all clips. */
export async function judgeFull(measuring: Measuring): Promise<Figures> {
  const full = await FullModel.of(measuring);
  for (const clip of testClips('full model', measuring)) await full.judge(clip, measuring.signal);
  return full.figures;
}

/**
 * Judges selectors of `model`, and chance beside each.
 *
 * @param also Done for each clip before: what is done on the same clips in turn meets whatever slows the machine down.
 */
export async function judgeSettings(
  work: string,
  measuring: Measuring,
  { model, selectors }: { readonly model: VideoModel; readonly selectors: readonly Selector[] },
  also: (clip: TestClip) => Promise<void> = async () => {},
): Promise<readonly BesideChance[]> {
  const { signal } = measuring;
  const tokens = model.tokenCount;
  const tallies = selectors.map(() => ({ own: new FiguresTally(), chance: new FiguresTally() }));
  await warmUp(model, selectors, signal);
  for (const clip of testClips(work, measuring)) {
    await also(clip);
    const views = await judgeView(model, clip.pixels, clip.index, selectors, signal);
    const twins = views.map(({ keptTokens }) => asManyByChance(keptTokens, tokens, CHANCE_SEED));
    const chances = await judgeView(model, clip.pixels, clip.index, twins, signal);
    for (const [i, { own, chance }] of tallies.entries()) {
      const [view, twin] = [views[i], chances[i]];
      if (view === undefined || twin === undefined) throw new Error('A selector was not judged.');
      own.add(view, clip.label);
      chance.add(twin, clip.label);
    }
  }
  return tallies.map(({ own, chance }) => ({ ...own.figures(tokens), randomError: chance.figures(tokens).error }));
}

/** Loads the graphs and runs each once, so that the first clip is timed like the others. */
export async function warmUp(model: VideoModel, selectors: readonly Selector[], signal?: AbortSignal): Promise<void> {
  const { numFrames, imageSize } = model.config;
  await judgeView(model, new Float32Array(3 * numFrames * imageSize * imageSize), 0, selectors, signal);
}
