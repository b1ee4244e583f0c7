import { FfmpegMissingError, PatchlightError } from '#contract/errors.ts';
import { probeVideo } from '../video/probe.ts';
import type { DecodedClips } from './decoded-clips.ts';
import { inParallel } from './in-parallel.ts';
import type { KeptFindings } from './kept-findings.ts';
import type { CheckedVideo, TrainingVideo } from './training-video.ts';

export interface CheckVideosOptions {
  readonly decoded: DecodedClips;
  /** Short side at which first clips are decoded: they are kept for the training where there is room. */
  readonly shortSide: number;
  /** What was found before. */
  readonly findings: KeptFindings;
  /** Videos that are looked into at the same time. */
  readonly decoders: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface CheckedVideos {
  /** Numbered anew. */
  readonly usable: readonly CheckedVideo[];
  /** A sentence for each video that cannot be used. */
  readonly bad: readonly string[];
}

/**
 * Looks into every video and decodes its first clip, so that what is broken is known before anything is learnt.
 *
 * @throws FfmpegMissingError, the signal's reason
 */
export async function checkVideos(
  videos: readonly TrainingVideo[],
  { decoded, shortSide, findings, decoders, signal, onProgress }: CheckVideosOptions,
): Promise<CheckedVideos> {
  const checked = new Array<TrainingVideo | CheckedVideo | string>(videos.length);
  let done = 0;
  await inParallel(videos.entries(), decoders, async ([i, video]) => {
    signal?.throwIfAborted();
    const known = await findings.of(video.path);
    checked[i] =
      known === null ? await lookInto(video) : 'info' in known ? { ...video, info: known.info } : known.problem;
    onProgress?.(++done, videos.length);
  });
  const usable = checked.filter((one): one is CheckedVideo => typeof one === 'object' && 'info' in one);
  return {
    usable: usable.map((video, index) => ({ ...video, index })),
    bad: checked.filter((one) => typeof one === 'string'),
  };

  async function lookInto(video: TrainingVideo): Promise<CheckedVideo | string> {
    try {
      const info = await probeVideo(video.path, signal);
      await decoded.decode({ info, startSeconds: 0, shortSide });
      await findings.add(video.path, { info });
      return { ...video, info };
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof FfmpegMissingError || !(thrown instanceof PatchlightError)) throw thrown;
      await findings.add(video.path, { problem: thrown.message });
      return thrown.message;
    }
  }
}
