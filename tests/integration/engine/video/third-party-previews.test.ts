import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DecodedClip, decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { playbackOf } from '#engine/video/playback.ts';
import { probeVideo } from '#engine/video/probe.ts';
import type { VideoInfo } from '#engine/video/video-info.ts';
import { writePreview } from '#engine/video/write-preview.ts';
import { CLIPS } from '../../../fixtures/analysis.ts';
import { frameStamps, frameTimes } from '../../../fixtures/frame-times.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const NEED_A_PREVIEW = [
  'animated.gif',
  'eye-makeup-mpeg4.avi',
  'hdr-bt2020-10bit.mp4',
  'hevc-10bit.mp4',
  'interlaced-mpeg2.mpg',
  'long-152s-lowres.mp4',
  'non-zero-start.mp4',
];
/** Tried in Chromium: it shows them as the engine sees them. */
const PLAY_DIRECTLY = [
  'av1.mkv',
  'edit-list.mp4',
  'flipping-pancake.mkv',
  'gaps-up-to-1.6s.mp4',
  'rotated-90-phone.mp4',
  'variable-rate.mp4',
  'vp9.webm',
  'yoga.mp4',
];

describe.skipIf(!existsSync(CLIPS))('third-party clips (skipped where ../shared/clips is missing)', () => {
  test.each(PLAY_DIRECTLY)('%s plays directly', async (name) => {
    expect(playbackOf(await probeVideo(join(CLIPS, name)))).toBe('direct');
  });

  test.each(NEED_A_PREVIEW)('%s gets a preview with every frame at its time', async (name) => {
    await using folder = await temporaryFolder();
    const video = await probeVideo(join(CLIPS, name));
    expect(playbackOf(video)).toBe('proxy');
    const file = join(folder.path, 'preview.mp4');
    await writePreview(video, file, { signal: new AbortController().signal, onProgress: () => {} });
    const preview = await probeVideo(file);
    expect(playbackOf(preview)).toBe('direct');
    expect([preview.width, preview.height]).toEqual([video.width, video.height]);
    expect(preview.hasAudio).toBe(video.hasAudio);
    const times = await frameTimes(video);
    const stamps = await frameStamps(preview);
    expect(stamps).toHaveLength(times.length);
    for (const [n, time] of times.entries()) expect(Math.abs(stamps[n]! - time)).toBeLessThan(0.001);
    const [seen, shown] = [await firstClip(video, video), await firstClip(preview, video)];
    expect(shown.frameIndices).toEqual(seen.frameIndices);
    // Compression alone; a range or matrix that is taken for another one makes more than twice as much.
    expect(meanDifference(shown.frames, seen.frames)).toBeLessThan(6);
  });
});

/** The first clip of `video`, planned as for `planned`: `[T, H, W, 3]`. */
async function firstClip(video: VideoInfo, planned: VideoInfo): Promise<DecodedClip> {
  const clips = planClips(planned, { numFrames: 8, samplingRate: 32 }).slice(0, 1);
  const [clip] = await Array.fromAsync(decodeClips(video, clips, { shortSide: 112 }));
  return clip!;
}

/** Of values from 0 to 255. */
function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}
