import { z } from 'zod';
import { type ClipResult, clipResultSchema, type ViewScores } from '#contract/analysis.ts';
import { float32ArraySchema, uint8ArraySchema } from '#contract/typed-arrays.ts';

/** Everything that is kept of one clip: enough to show it again, and to go on with an analysis that was broken off. */
export const recordedClipSchema = z.object({
  clip: clipResultSchema,
  /** `[views, classes]`, softmax, views in the order of `clip.views`. */
  probabilities: float32ArraySchema,
  /** Size of the scaled frame. */
  frameSize: z.tuple([z.number(), z.number()]),
  /** In the order of `clip.views`. */
  views: z.array(
    z.object({
      /** `[patches·frames]` */
      scores: float32ArraySchema,
      /** One bit for each token, the lowest first: set where it was kept. */
      kept: uint8ArraySchema,
    }),
  ),
});
export type RecordedClip = z.infer<typeof recordedClipSchema>;

/** What is worth keeping of a clip that has just been finished; `scores` holds all of its views. */
export function recordClip(clip: ClipResult, probabilities: Float32Array, scores: readonly ViewScores[]): RecordedClip {
  const ordered = clip.views.map(({ crop }) => {
    const view = scores.find((one) => one.crop === crop);
    if (view === undefined) throw new Error(`Clip ${clip.index} has no scores for its ${crop} view.`);
    return view;
  });
  const [width, height] = ordered[0]?.frameSize ?? [0, 0];
  return {
    clip,
    probabilities,
    frameSize: [width, height],
    views: ordered.map((view) => ({ scores: view.scores, kept: packTokens(view.kept, view.scores.length) })),
  };
}

/** The scores of a recorded clip's views as they were sent when they were new, the centre first. */
export function recordedScores({ clip, frameSize, views }: RecordedClip): ViewScores[] {
  const { index, startSeconds, endSeconds, frameSeconds } = clip;
  const scores = clip.views.map(({ crop, origin }, i) => ({
    ...{ clip: index, crop, origin, frameSize, startSeconds, endSeconds, frameSeconds },
    scores: views[i]?.scores ?? new Float32Array(0),
    kept: unpackTokens(views[i]?.kept ?? new Uint8Array(0)),
  }));
  return scores.sort((a, b) => Number(b.crop === 'center') - Number(a.crop === 'center'));
}

function packTokens(kept: Uint32Array, tokens: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(tokens / 8));
  for (const token of kept) bits[token >> 3] = (bits[token >> 3] ?? 0) | (1 << (token & 7));
  return bits;
}

function unpackTokens(bits: Uint8Array): Uint32Array {
  const kept: number[] = [];
  for (let token = 0; token < bits.length * 8; token++) {
    if (((bits[token >> 3] ?? 0) >> (token & 7)) & 1) kept.push(token);
  }
  return Uint32Array.from(kept);
}
