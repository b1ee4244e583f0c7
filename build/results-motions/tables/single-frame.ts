import { z } from 'zod';
import { mostProbable } from '#engine/analysis/predictions.ts';
import { judgeView } from '#engine/evaluation/judge-clip.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { shareSchema } from '../../results/figures.ts';
import { FULL } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { testClips } from '../test-clips.ts';

const accuracies = {
  /** The clip as it is. */
  clip: shareSchema,
  /** Its frames in an order of chance. */
  shuffled: shareSchema,
  /** One frame shown all the time, mean over the frames. */
  oneFrame: shareSchema,
};

/** What the full model makes of a clip without its motion, and a model that never saw any: accuracies. */
export const singleFrameSchema = z.strictObject({
  table: z.literal('single-frame'),
  notes: z.array(z.string()),
  /** One by the number of classes. */
  chance: shareSchema,
  ...accuracies,
  classes: z.array(z.strictObject({ name: z.string(), ...accuracies })).min(2),
  /** A model of its own that was trained on the middle frames of clips, and sees those. */
  trainedOnOneFrame: z
    .strictObject({
      name: z.string(),
      title: z.string(),
      weightsSha256: z.string(),
      /** Of the training that made it, all phases together. */
      steps: z.int().nullable(),
      accuracy: shareSchema,
      /** As `classes` are sorted. */
      classes: z.array(shareSchema),
    })
    .nullable(),
});
type SingleFrame = z.infer<typeof singleFrameSchema>;

export const SHUFFLE_SEED = 1;

export async function measureSingleFrame(measuring: Measuring): Promise<SingleFrame> {
  const { full, singleFrame, signal } = measuring;
  const { numFrames } = full.config;
  const tallies = motionClasses.map(() => ({ clips: 0, clip: 0, shuffled: 0, oneFrame: 0 }));
  for (const { index, label, pixels } of testClips('frames', measuring)) {
    const right = async (order: ArrayLike<number>) => {
      const [view] = await judgeView(full, inOrder(pixels, order), index, [FULL], signal);
      return view !== undefined && mostProbable(view.probabilities) === label ? 1 : 0;
    };
    const tally = tallies[label];
    if (tally === undefined) throw new Error(`There is no class ${label}.`);
    const all = Array.from({ length: numFrames }, (_, frame) => frame);
    tally.clips++;
    tally.clip += await right(all);
    tally.shuffled += await right(RandomStream.seeded(SHUFFLE_SEED, index).permutation(numFrames));
    for (const frame of all) tally.oneFrame += await right(all.map(() => frame));
  }
  const seen = tallies.flatMap((tally, label) =>
    tally.clips === 0 ? [] : [{ name: motionClasses[label] ?? '', ...tally }],
  );
  const total = (of: (tally: (typeof seen)[number]) => number) => seen.reduce((sum, tally) => sum + of(tally), 0);
  const clips = total((tally) => tally.clips);
  return {
    table: 'single-frame',
    notes: [
      'The full model, one view a clip. It was trained on clips, not on frames that stand still: a model trained on single frames makes more of them.',
    ],
    chance: 1 / motionClasses.length,
    clip: total(({ clip }) => clip) / clips,
    shuffled: total(({ shuffled }) => shuffled) / clips,
    oneFrame: total(({ oneFrame }) => oneFrame) / (clips * numFrames),
    classes: seen.map(({ name, clips: count, clip, shuffled, oneFrame }) => ({
      name,
      clip: clip / count,
      shuffled: shuffled / count,
      oneFrame: oneFrame / (count * numFrames),
    })),
    trainedOnOneFrame: singleFrame === null ? null : await measureTrained(singleFrame, measuring),
  };
}

async function measureTrained(bundle: Bundle, measuring: Measuring): Promise<SingleFrame['trainedOnOneFrame']> {
  const { manifest } = bundle;
  const model = new VideoModel({ ...bundle, manifest: { ...manifest, selection: null } }, measuring.runtime);
  const tallies = motionClasses.map(() => ({ clips: 0, right: 0 }));
  for (const { index, label, pixels } of testClips('single-frame model', { ...measuring, model })) {
    const [view] = await judgeView(model, pixels, index, [FULL], measuring.signal);
    const tally = tallies[label];
    if (view === undefined || tally === undefined) throw new Error(`There is no class ${label}.`);
    tally.clips++;
    if (mostProbable(view.probabilities) === label) tally.right++;
  }
  const seen = tallies.filter(({ clips }) => clips > 0);
  const { steps } = manifest.training ?? {};
  return {
    name: manifest.name,
    title: manifest.title,
    weightsSha256: manifest.weights.sha256,
    steps: typeof steps === 'number' ? steps : null,
    accuracy: seen.reduce((sum, { right }) => sum + right, 0) / measuring.clips,
    classes: seen.map(({ clips, right }) => right / clips),
  };
}

/** The frames of a view, `[3, frames, side, side]`, in another order, in which a frame may come again. */
function inOrder(view: Float32Array, order: ArrayLike<number>): Float32Array {
  const frames = order.length;
  const plane = view.length / (3 * frames);
  const ordered = new Float32Array(view.length);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < frames; i++) {
      const from = (channel * frames + (order[i] ?? 0)) * plane;
      ordered.set(view.subarray(from, from + plane), (channel * frames + i) * plane);
    }
  }
  return ordered;
}
