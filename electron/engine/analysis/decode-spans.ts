import { type DecodedClip, type DecodeOptions, decodeClips } from '../video/decode.ts';
import type { PlannedClip } from '../video/plan.ts';
import type { VideoInfo } from '../video/video-info.ts';

/**
 * The pictures of several spans of clips, one span after another. Where the pictures of a file end earlier than it says,
 * nothing after that is tried again.
 *
 * @throws like {@link decodeClips}
 */
export async function* decodeSpans(
  video: VideoInfo,
  spans: readonly (readonly PlannedClip[])[],
  options: DecodeOptions,
): AsyncGenerator<DecodedClip, void, undefined> {
  let end = Number.POSITIVE_INFINITY;
  for (const span of spans) {
    const reachable = span.filter(({ startSeconds }) => startSeconds < end);
    let given = 0;
    for await (const decoded of decodeClips(video, reachable, options)) {
      yield decoded;
      given += 1;
    }
    end = Math.min(end, reachable[given]?.startSeconds ?? Number.POSITIVE_INFINITY);
  }
}
