import { z } from 'zod';
import { average, mostProbable } from '#engine/analysis/predictions.ts';
import { type JudgedView, judgeView } from '#engine/evaluation/judge-clip.ts';
import { median } from '#engine/measurement/statistics.ts';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import { sampledFrames, sceneFrames } from '#native-models/motions/scene/clock.ts';
import { resolveSelector, type Selector } from '#native-models/selection/selector.ts';
import { FiguresTally, figuresSchema, shareSchema } from '../../results/figures.ts';
import { asManyByChance, CHANCE_SEED, FULL, warmUp } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { viewOf } from '../test-clips.ts';

const rowSchema = figuresSchema.omit({ error: true }).extend({
  clip1Error: shareSchema,
  video1Error: shareSchema,
  /** Stem, selection and trunk of one view, median. */
  viewMs: z.number().min(0),
});

/** The paper's video table: the full model against IA-RED², with one view and with several. */
export const videoSchema = z.strictObject({
  table: z.literal('video'),
  notes: z.array(z.string()),
  /** Frames of the 64 that each view shows: the first is clip-1, the others together are video-1. */
  viewFrames: z.array(z.array(z.int()).min(1)).min(2),
  full: rowSchema,
  /** The interpreter at its own threshold. */
  selected: rowSchema,
  /** Chance that keeps as many patches of each view. */
  random: rowSchema,
  /** Whole view of the full model over the whole view of the selected, both timed in turn on the same clips. */
  speedUp: z.strictObject({
    /** Median over the pairs. */
    median: z.number().min(0),
    /** Of the sums of all. */
    total: z.number().min(0),
    pairs: z.int().min(1),
  }),
});

/** Frames of the views: that of all other tables, then three at a stride that leaves room to begin early or late. */
export function viewFrames(numFrames: number): readonly (readonly number[])[] {
  const stride = Math.floor(sceneFrames / numFrames);
  const latest = sceneFrames - 1 - stride * (numFrames - 1);
  const starts = [0, Math.floor(latest / 2), latest];
  return [
    sampledFrames(numFrames),
    ...starts.map((start) => Array.from({ length: numFrames }, (_, i) => start + i * stride)),
  ];
}

export async function measureVideo(measuring: Measuring): Promise<z.infer<typeof videoSchema>> {
  const { model, full, bundle, clips, signal, onProgress } = measuring;
  const { imageSize: size, numFrames } = model.config;
  const tokens = model.tokenCount;
  const interpreter = resolveSelector(bundle.manifest, { name: 'interpreter' });
  const frames = viewFrames(numFrames);
  const [whole, selected, random] = [new Row(), new Row(), new Row()];
  const ratios: number[] = [];
  await warmUp(full, [FULL], signal);
  await warmUp(model, [interpreter], signal);
  for (let index = 0; index < clips; index++) {
    signal?.throwIfAborted();
    const scene = motionClip('test', index, { frames: sceneFrames, size });
    for (const [number, shown] of frames.entries()) {
      const pixels = viewOf(model, framesOf(scene.pixels, shown));
      const stream = index * frames.length + number;
      const judge = async (of: typeof model, selector: Selector) =>
        only(await judgeView(of, pixels, stream, [selector], signal));
      // Neither is always the first, which finds the caches as something else left them.
      const fullFirst = (index + number) % 2 === 0;
      const early = fullFirst ? await judge(full, FULL) : null;
      const chosen = await judge(model, interpreter);
      const everything = early ?? (await judge(full, FULL));
      whole.add(everything);
      selected.add(chosen);
      random.add(await judge(model, asManyByChance(chosen.keptTokens, tokens, CHANCE_SEED)));
      ratios.push(everything.inferenceMs / chosen.inferenceMs);
    }
    for (const row of [whole, selected, random]) row.endClip(scene.label);
    onProgress('whole videos', index + 1, clips);
  }
  const total = (row: Row) => row.milliseconds.reduce((sum, ms) => sum + ms, 0);
  return {
    table: 'video',
    notes: [
      'clip-1 is one view, the whole picture, as in the other tables. video-1 is the mean of the probabilities of three views at other frames of the scene: pictures of Motions are square, so that left, centre and right crop would be the same.',
      'Times are of a whole view: stem, interpreter, selection and trunk, copies included. Full model and IA-RED² take turns, clip by clip.',
    ],
    viewFrames: frames.map((shown) => [...shown]),
    full: whole.result(tokens),
    selected: selected.result(tokens),
    random: random.result(tokens),
    speedUp: { median: median(ratios), total: total(whole) / total(selected), pairs: ratios.length },
  };
}

/** What became of the videos under one setting. */
class Row {
  readonly milliseconds: number[] = [];
  readonly #views = new FiguresTally();
  #clip: JudgedView[] = [];
  #clip1Wrong = 0;
  #video1Wrong = 0;
  #clips = 0;

  add(view: JudgedView): void {
    this.#clip.push(view);
    this.milliseconds.push(view.inferenceMs);
  }

  /** All views of a clip were added. */
  endClip(label: number): void {
    const [clip1, ...video1] = this.#clip.map(({ probabilities }) => probabilities);
    if (clip1 === undefined) throw new Error('A clip has a view.');
    for (const view of this.#clip) this.#views.add(view, label);
    if (mostProbable(clip1) !== label) this.#clip1Wrong++;
    if (mostProbable(average(video1)) !== label) this.#video1Wrong++;
    this.#clips++;
    this.#clip = [];
  }

  result(tokens: number): z.infer<typeof rowSchema> {
    const { keepRatio, gmacs, viewsPerSecond } = this.#views.figures(tokens);
    return {
      clip1Error: this.#clip1Wrong / this.#clips,
      video1Error: this.#video1Wrong / this.#clips,
      keepRatio,
      gmacs,
      viewsPerSecond,
      viewMs: median(this.milliseconds),
    };
  }
}

/** Some frames of `[frames, side, side, 3]`. */
function framesOf(pixels: Uint8Array, shown: readonly number[]): Uint8Array {
  const frame = pixels.length / sceneFrames;
  const taken = new Uint8Array(shown.length * frame);
  for (const [i, number] of shown.entries()) {
    taken.set(pixels.subarray(number * frame, (number + 1) * frame), i * frame);
  }
  return taken;
}

function only([view]: readonly JudgedView[]): JudgedView {
  if (view === undefined) throw new Error('The view was not judged.');
  return view;
}
