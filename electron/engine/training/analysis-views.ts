import type { JudgedBatch } from '#native-models/training/judge-selection.ts';
import { type ClipTiming, planClips } from '../video/plan.ts';
import { cropOrigins, type Preprocessing, viewTensor } from '../video/views.ts';
import type { DecodedClips } from './decoded-clips.ts';
import { inParallel } from './in-parallel.ts';
import type { CheckedVideo } from './training-video.ts';

/** A clip as an analysis would look at it. */
export interface AnalysedClip {
  readonly video: CheckedVideo;
  readonly startSeconds: number;
}

/**
 * The clips of videos that something is judged by: the first of each where classes are known, as in evaluations; else all
 * that an analysis would find, back to back. Of more than `most` every so many is taken.
 */
export function analysedClips(videos: readonly CheckedVideo[], timing: ClipTiming, most: number): AnalysedClip[] {
  const all = videos.flatMap((video) => {
    const clips = planClips(video.info, timing);
    return (video.label === null ? clips : clips.slice(0, 1)).map(({ startSeconds }) => ({ video, startSeconds }));
  });
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]).filter(
    (clip) => clip !== undefined,
  );
}

export interface AnalysisViewsOptions {
  readonly clips: readonly AnalysedClip[];
  readonly decoded: DecodedClips;
  /** Pixels of a view's side. */
  readonly size: number;
  readonly preprocessing: Preprocessing;
  readonly batchSize: number;
  /** Videos that are decoded at the same time. */
  readonly decoders: number;
  /** Told of a clip that cannot be decoded, and is left out. Throw to stop instead. */
  readonly onBad: (clip: AnalysedClip, thrown: unknown) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The centre crop of every clip, as `analyze --views 1` sees it, in batches, the last filled up with zeros. */
export async function* analysisViews(options: AnalysisViewsOptions): AsyncGenerator<JudgedBatch, void, undefined> {
  const { clips, batchSize, decoders } = options;
  for (let begin = 0; begin < clips.length; begin += batchSize) {
    const wanted = clips.slice(begin, begin + batchSize);
    const views = new Array<Float32Array | undefined>(wanted.length);
    await inParallel(wanted.entries(), decoders, async ([i, clip]) => {
      views[i] = await centreView(clip, options);
    });
    const there = wanted.flatMap(({ video: { label } }, i) => {
      const view = views[i];
      return view === undefined ? [] : [{ view, label }];
    });
    const [first] = there;
    if (first === undefined) continue;
    const batch = new Float32Array(batchSize * first.view.length);
    for (const [i, { view }] of there.entries()) batch.set(view, i * view.length);
    const labelled = there.every(({ label }) => label !== null);
    const labels = new Uint32Array(batchSize);
    labels.set(there.map(({ label }) => label ?? 0));
    yield { clips: batch, labels: labelled ? labels : null, count: there.length };
  }
}

async function centreView(
  clip: AnalysedClip,
  { decoded, size, preprocessing, onBad, signal }: AnalysisViewsOptions,
): Promise<Float32Array | undefined> {
  signal?.throwIfAborted();
  try {
    const { info } = clip.video;
    const stack = await decoded.decode({ info, startSeconds: clip.startSeconds, shortSide: size });
    const [, centre] = cropOrigins(stack.width, stack.height, size);
    return viewTensor(stack, centre.origin, size, preprocessing);
  } catch (thrown) {
    signal?.throwIfAborted();
    onBad(clip, thrown);
    return undefined;
  }
}
