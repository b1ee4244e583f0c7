import { z } from 'zod';
import { mostProbable } from '#engine/analysis/predictions.ts';
import { judgeView } from '#engine/evaluation/judge-clip.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
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

/** What the full model makes of a clip without its motion: accuracies. */
export const singleFrameSchema = z.strictObject({
  table: z.literal('single-frame'),
  notes: z.array(z.string()),
  /** One by the number of classes. */
  chance: shareSchema,
  ...accuracies,
  classes: z.array(z.strictObject({ name: z.string(), ...accuracies })).min(2),
});

export const SHUFFLE_SEED = 1;

export async function measureSingleFrame(measuring: Measuring): Promise<z.infer<typeof singleFrameSchema>> {
  const { full, signal } = measuring;
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
      'The full model, one view a clip. It was trained on clips, not on frames that stand still: a model trained on single frames would make more of them.',
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
