import { DataSetInvalidError } from '#contract/errors.ts';
import { balancedChoice } from '../evaluation/data-set/balanced-choice.ts';
import type { CheckedVideo } from './training-video.ts';

export interface DividedVideos {
  readonly training: readonly CheckedVideo[];
  /** Videos that judge the result, and are never learnt from. */
  readonly heldOut: readonly CheckedVideo[];
}

/**
 * Sets a share of the videos aside, whole ones and as even over the classes as they allow. The same for the same videos and
 * seed.
 *
 * @throws DataSetInvalidError when there are fewer than two videos.
 */
export function holdOut(videos: readonly CheckedVideo[], share: number, seed: number): DividedVideos {
  if (videos.length < 2) {
    const there = videos.length === 0 ? 'There is no video that can be used' : 'There is one video that can be used';
    throw new DataSetInvalidError(`${there}, and it takes two: to learn from, and to judge the result by.`, {
      hint: 'Add videos, or cut a long one in two.',
    });
  }
  const count = Math.min(Math.max(1, Math.round(share * videos.length)), videos.length - 1);
  const chosen = balancedChoice(
    videos.map((video) => ({ video, label: video.label ?? 0 })),
    count,
    seed,
  );
  const heldOut = new Set(chosen.map(({ video }) => video));
  return { training: videos.filter((video) => !heldOut.has(video)), heldOut: [...heldOut] };
}
