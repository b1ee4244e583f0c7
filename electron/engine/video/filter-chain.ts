import { deinterlaced, toStandardRange } from './picture-filters.ts';
import { firstSlotExpression, longestGapSeconds, type SampleGrid } from './sample-grid.ts';
import type { VideoInfo } from './video-info.ts';

/** Time stamps that one slot is wide, and the matching rate: far more than any time stamp before the warp. */
const SLOT_TICKS = 100_000_000;
const SLOT_RATE = '1/100';

/**
 * The filters that let exactly the planned frames out of ffmpeg, in one pass and without a look-ahead of ours.
 *
 * Each frame's time stamp is replaced by the number of sampled moments before it (its first slot). `fps` with one frame
 * per slot then gives for slot j the last frame that stands at or before j, which is the frame on screen at moment j; it
 * repeats a frame that several moments share without copying it, and drops the rest unscaled. `tpad` puts copies after
 * the last frame, because `fps` lets a frame go only when it has seen the next. `showinfo` writes down what was decoded.
 *
 * @param zero the first frame's time stamp as an expression, in microseconds
 */
export async function filterChain(
  video: VideoInfo,
  grid: SampleGrid,
  size: { width: number; height: number },
  zero: string,
): Promise<string> {
  const hold = longestGapSeconds(grid) + 2 / grid.framesPerSecond;
  return [
    ...deinterlaced(video),
    'settb=1/1000000',
    'showinfo=checksum=0',
    `tpad=stop_mode=clone:stop_duration=${hold.toFixed(6)}`,
    `setpts='${firstSlotExpressionScaled(grid, zero)}'`,
    `fps=${SLOT_RATE}:start_time=0:round=up`,
    `scale=${size.width}:${size.height}:flags=bilinear+accurate_rnd+full_chroma_int`,
    ...(await toStandardRange(video)),
    'format=rgb24',
  ].join(',');
}

function firstSlotExpressionScaled(grid: SampleGrid, zero: string): string {
  const statements = firstSlotExpression(grid, zero).split(';');
  const value = statements.pop();
  return [...statements, `${SLOT_TICKS}*(${value})`].join(';');
}
