import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PatchlightError } from '#contract/errors.ts';
import { type DecodedClip, decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import type { VideoWarning } from '#engine/video/video-info.ts';
import { frameTimes } from '../../../fixtures/frame-times.ts';

const CLIPS = resolve(import.meta.dirname, '../../../../../shared/clips');
const K400 = { numFrames: 8, samplingRate: 32 };
const run = promisify(execFile);

interface ClipFacts {
  readonly file: string;
  readonly codec: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly rotation: number;
  readonly averageRate: string | null;
  readonly startSeconds: string | null;
  readonly decodedFrames: number | null;
}

/** How each file ends up: refused with a code, or analysed with so many clips and these warnings. */
const OUTCOMES: Record<string, string | { clips: number; displayed: string; warnings?: VideoWarning['code'][] }> = {
  'animated.gif': { clips: 1, displayed: '240x180' },
  'arm-wrestling.mp4': { clips: 1, displayed: '427x256' },
  'audio-only.mp4': 'no-video-stream',
  'av1.mkv': { clips: 1, displayed: '340x256' },
  'cleaning-pool.mp4': { clips: 1, displayed: '455x256' },
  'corrupted.mp4': { clips: 1, displayed: '1280x720', warnings: ['video-damaged'] },
  'discard-first-keyframe.mp4': { clips: 1, displayed: '64x64' },
  'edit-list.mp4': { clips: 1, displayed: '853x480' },
  'empty.mp4': 'file-empty',
  'eye-makeup-mpeg4.avi': { clips: 1, displayed: '320x240' },
  'flipping-pancake.mkv': { clips: 1, displayed: '426x240' },
  'full-range-bt709.mp4': { clips: 1, displayed: '1280x720' },
  'gaps-up-to-1.6s.mp4': { clips: 1, displayed: '3026x1386' },
  'hdr-bt2020-10bit.mp4': { clips: 1, displayed: '320x240' },
  'hevc-10bit.mp4': { clips: 1, displayed: '455x256' },
  'hitting-baseball.mp4': { clips: 1, displayed: '427x320' },
  'interlaced-mpeg2.mpg': { clips: 1, displayed: '455x256' },
  'long-152s-lowres.mp4': { clips: 18, displayed: '177x144' },
  'making-cake-portrait.mp4': { clips: 1, displayed: '320x426' },
  'non-square-pixels-2x1.mp4': { clips: 1, displayed: '1280x360' },
  'non-zero-start.mp4': { clips: 1, displayed: '199x112' },
  'not-a-video.mp4': 'not-a-video',
  'odd-rate-19.62fps.mp4': { clips: 2, displayed: '320x240' },
  'phone-jittery-timestamps.mp4': { clips: 1, displayed: '640x480' },
  'rotated-90-phone.mp4': { clips: 1, displayed: '426x320' },
  'rotated-metadata.mp4': { clips: 1, displayed: '270x480' },
  'skateboarding.mp4': { clips: 1, displayed: '340x256' },
  'tai-chi.mp4': { clips: 1, displayed: '340x256' },
  'truncated-1080p.mp4': { clips: 1, displayed: '1920x1080', warnings: ['video-ends-early', 'video-damaged'] },
  'truncated-half.mp4': { clips: 1, displayed: '426x240', warnings: ['video-ends-early', 'video-damaged'] },
  'truncated-no-moov.mp4': 'video-incomplete',
  'variable-rate.mp4': { clips: 1, displayed: '569x320' },
  'vp9.webm': { clips: 1, displayed: '340x256' },
  'yoga.mp4': { clips: 1, displayed: '569x320' },
};

/** Frames by their number, as plain ffmpeg gives them: RGB, one after another. */
async function framesByNumber(
  path: string,
  numbers: readonly number[],
  { width, height }: DecodedClip,
): Promise<Buffer> {
  const wanted = numbers.map((n) => `eq(n,${n})`).join('+');
  const filter = `select='${wanted}',scale=${width}:${height}:flags=bilinear+accurate_rnd+full_chroma_int,format=rgb24`;
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'quiet', '-i', path, '-map', '0:v:0', '-vf', filter, '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 2 ** 26 },
  );
  return stdout;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

describe.skipIf(!existsSync(CLIPS))('third-party clips (skipped where ../shared/clips is missing)', () => {
  const facts: ClipFacts[] = existsSync(CLIPS) ? JSON.parse(readFileSync(join(CLIPS, 'clips.json'), 'utf8')) : [];

  test('the table names every file', () => {
    expect(facts.map(({ file }) => file).sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  test.each(facts)('$file', async (fact) => {
    const path = join(CLIPS, fact.file);
    const outcome = OUTCOMES[fact.file]!;
    if (typeof outcome === 'string') {
      const error = await probeVideo(path).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(PatchlightError);
      expect(error).toMatchObject({ code: outcome, hint: expect.any(String) });
      expect((error as Error).message).toContain(fact.file);
      return;
    }

    const video = await probeVideo(path);
    const [above, below] = fact.averageRate!.split('/').map(Number);
    expect(video).toMatchObject({
      codec: fact.codec,
      codedWidth: fact.width,
      codedHeight: fact.height,
      rotation: fact.rotation,
      framesPerSecond: above! / below!,
    });
    expect(`${video.width}x${video.height}`).toBe(outcome.displayed);
    expect(video.startSeconds).toBeCloseTo(Number(fact.startSeconds), 3);
    // A damaged packet counts as a frame until a decoder has failed on it.
    const damaged = outcome.warnings?.includes('video-damaged') ? 1 : 0;
    expect(Math.abs(video.presentedFrames - fact.decodedFrames!)).toBeLessThanOrEqual(damaged);

    const clips = planClips(video, K400);
    const warnings = [...video.warnings];
    const decoded = await Array.fromAsync(
      decodeClips(video, clips, { shortSide: 112, onWarning: (warning) => warnings.push(warning) }),
    );
    expect(decoded).toHaveLength(outcome.clips);
    expect(warnings.map(({ code }) => code)).toEqual(outcome.warnings ?? []);

    const times = await frameTimes(video);
    expect(times).toHaveLength(fact.decodedFrames!);
    for (const clip of decoded) {
      expect(Math.min(clip.width, clip.height)).toBe(112);
      const halfTick = Math.min(video.tickSeconds / 2, 5e-4) + 1e-6;
      const onScreen = clip.clip.sampleSeconds.map((s) =>
        Math.max(
          0,
          times.findLastIndex((time) => time <= s + halfTick),
        ),
      );
      expect(clip.frameIndices).toEqual(onScreen);
    }

    // Deinterlacing and tone mapping change the pictures on purpose.
    if (video.interlaced || video.colour.transfer === 'smpte2084') return;
    const [first] = decoded;
    const size = first!.width * first!.height * 3;
    const numbers = [...new Set(first!.frameIndices)];
    const expected = await framesByNumber(path, numbers, first!);
    for (const [i, number] of first!.frameIndices.entries()) {
      const at = numbers.indexOf(number) * size;
      const difference = meanDifference(
        first!.frames.subarray(i * size, (i + 1) * size),
        expected.subarray(at, at + size),
      );
      expect(difference).toBeLessThan(0.5);
    }
  });
});
