import { execFileSync } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { DecodeTimeoutError, UndecodableVideoError } from '#contract/errors.ts';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import type { VideoInfo, VideoWarning } from '#engine/video/video-info.ts';
import { H264, readBarCodes, writeBarCodeVideo } from '../../../fixtures/bar-code-video.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const K400 = { numFrames: 8, samplingRate: 32 };
const FRAMES = 6000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let video: VideoInfo;
beforeAll(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, 'long.mp4');
  video = await probeVideo(
    await writeBarCodeVideo(path, { frames: FRAMES, rate: '25', encode: [...H264, '-g', '25'] }),
  );
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** ffmpeg children of this process that still exist. */
function ffmpegChildren(): number {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,stat=,comm='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => new RegExp(`^\\s*${process.pid}\\s+[^Z]\\S*\\s.*ffmpeg`).test(line)).length;
}

describe.skipIf(process.platform === 'win32')('decodeClips lets go of ffmpeg', () => {
  test('when the generator is left early', async () => {
    for await (const clip of decodeClips(video, planClips(video, K400), { shortSide: 224 })) {
      expect(clip.clip.index).toBe(0);
      expect(ffmpegChildren()).toBe(1);
      break;
    }
    expect(ffmpegChildren()).toBe(0);
  });

  test('when it was read to the end', async () => {
    const clips = await Array.fromAsync(decodeClips(video, planClips(video, K400), { shortSide: 32 }));
    expect(clips).toHaveLength(28);
    expect(ffmpegChildren()).toBe(0);
  });

  test('when it is aborted, at once and with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let clips = 0;
    let abortedAt = Number.NaN;
    const decoding = (async () => {
      for await (const _ of decodeClips(video, planClips(video, K400), { shortSide: 224, signal: controller.signal })) {
        clips++;
        if (clips === 2) {
          setTimeout(() => {
            abortedAt = performance.now();
            controller.abort(reason);
          }, 5);
        }
      }
    })();
    await expect(decoding).rejects.toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(500);
    expect(clips).toBeLessThan(28);
    expect(ffmpegChildren()).toBe(0);
  });

  test.each([0, 1, 5, 20, 60])('when it is aborted %i ms after the start', async (delay) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), delay);
    const options = { shortSide: 224, signal: controller.signal };
    const decoding = Array.fromAsync(decodeClips(video, planClips(video, K400), options));
    await expect(decoding).rejects.toMatchObject({ name: 'AbortError' });
    expect(ffmpegChildren()).toBe(0);
  });

  test('when the signal was aborted before', async () => {
    const options = { shortSide: 224, signal: AbortSignal.abort('no') };
    await expect(decodeClips(video, planClips(video, K400), options).next()).rejects.toBe('no');
    expect(ffmpegChildren()).toBe(0);
  });

  test('while whoever takes the clips is slow, ffmpeg waits and memory stays flat', async () => {
    // 1592×224 RGB frames of which 8 a second are planned: all of them would be over 2 GB.
    const clips = planClips(video, { numFrames: 64, samplingRate: 4, strideSeconds: 4 });
    const before = process.memoryUsage().arrayBuffers;
    let largest = 0;
    let taken = 0;
    for await (const _ of decodeClips(video, clips, { shortSide: 224 })) {
      taken++;
      await sleep(taken === 1 ? 1500 : 20);
      largest = Math.max(largest, process.memoryUsage().arrayBuffers - before);
      expect(ffmpegChildren()).toBe(1);
      if (taken === 12) break;
    }
    const clipBytes = 64 * 560 * 224 * 3;
    // Three overlapping clips are open at a time; buffers may hold one more, and the collector be late by a few.
    expect(largest).toBeLessThan(8 * clipBytes);
  });
});

describe.skipIf(process.platform === 'win32')('an ffmpeg that does not answer', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  async function pretendFfmpeg(script: string): Promise<void> {
    const path = join(folder.path, 'pretended-ffmpeg');
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    vi.stubEnv('FFMPEG_PATH', path);
  }

  test('is given up after 30 s without a picture', async () => {
    await pretendFfmpeg('exec sleep 300');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const first = decodeClips(video, planClips(video, K400), { shortSide: 32 }).next();
    const outcome = expect(first).rejects.toBeInstanceOf(DecodeTimeoutError);
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(30_000);
    await outcome;
  });

  test('because it stops at once gives its last words', async () => {
    await pretendFfmpeg('echo "[error] no such thing" >&2; exit 3');
    const first = decodeClips(video, planClips(video, K400), { shortSide: 32 }).next();
    await expect(first).rejects.toMatchObject({
      code: 'video-undecodable',
      detail: expect.stringContaining('no such thing'),
    });
  });

  test('because it cannot be started is no endless wait', async () => {
    const path = join(folder.path, 'no-program');
    await writeFile(path, 'not a program', { mode: 0o755 });
    vi.stubEnv('FFMPEG_PATH', path);
    const first = decodeClips(video, planClips(video, K400), { shortSide: 32 }).next();
    await expect(first).rejects.toBeInstanceOf(Error);
  });

  test('because it is missing says how to install it', async () => {
    vi.stubEnv('FFMPEG_PATH', join(folder.path, 'nowhere'));
    const first = decodeClips(video, planClips(video, K400), { shortSide: 32 }).next();
    await expect(first).rejects.toMatchObject({ code: 'ffmpeg-missing', hint: expect.stringMatching(/install/i) });
  });
});

describe('damaged videos', () => {
  async function decode(info: VideoInfo) {
    const warnings: VideoWarning[] = [...info.warnings];
    const clips = planClips(info, K400);
    const decoded = await Array.fromAsync(
      decodeClips(info, clips, { shortSide: 64, onWarning: (warning) => warnings.push(warning) }),
    );
    return { decoded, warnings: warnings.map(({ code }) => code) };
  }

  test.each(['ts', 'mkv'])('a %s file cut off in the middle gives the clips before the cut', async (extension) => {
    const whole = await writeBarCodeVideo(join(folder.path, `whole.${extension}`), {
      frames: 1500,
      rate: '25',
      encode: H264,
    });
    const bytes = await readFile(whole);
    const cut = join(folder.path, `cut.${extension}`);
    await writeFile(cut, bytes.subarray(0, bytes.length / 2));
    const info = await probeVideo(cut);
    const { decoded } = await decode(info);
    expect(decoded.length).toBeGreaterThanOrEqual(2);
    expect(decoded.length).toBeLessThan(7);
    expect(readBarCodes(decoded[0]!)).toEqual([0, 30, 60, 91, 121, 151, 182, 212]);
    expect(decoded[0]!.frameIndices).toEqual([0, 30, 60, 91, 121, 151, 182, 212]);
  });

  test('what the header promises beyond the last picture is left out, with a warning', async () => {
    const bytes = await readFile(video.path);
    const cut = join(folder.path, 'cut-with-index.mp4');
    await copyFile(video.path, cut);
    // The index is at the end: keep it, and destroy the second half of the pictures.
    const start = bytes.indexOf('mdat') + 4;
    const end = bytes.lastIndexOf('moov') - 4;
    bytes.fill(0, start + Math.floor((end - start) / 2), end);
    await writeFile(cut, bytes);
    const { decoded, warnings } = await decode(await probeVideo(cut));
    expect(warnings).toContain('video-damaged');
    expect(warnings).toContain('video-ends-early');
    expect(decoded.length).toBeGreaterThan(8);
    expect(decoded.length).toBeLessThan(24);
    for (const clip of decoded.slice(0, -1)) expect(readBarCodes(clip)).toEqual(clip.frameIndices);
    // The last clip holds the last frame that came out; a decoder may have patched that with the one before.
    const last = decoded.at(-1)!;
    const held = readBarCodes(last);
    expect(new Set(held.slice(1)).size).toBe(1);
    expect(Math.abs(held[7]! - last.frameIndices[7]!)).toBeLessThanOrEqual(1);
  });

  test('a video without one decodable picture is refused', async () => {
    const bytes = await readFile(video.path);
    bytes.fill(0, bytes.indexOf('mdat') + 4, bytes.lastIndexOf('moov') - 4);
    const broken = join(folder.path, 'broken.mp4');
    await writeFile(broken, bytes);
    await expect(decode({ ...video, path: broken })).rejects.toBeInstanceOf(UndecodableVideoError);
  });
});

test.each(['-x.mp4', 'two words.mp4', 'quote\'s "here".mp4', 'печиво 视频.mp4', 'a:b,c;d[e].mp4', 'file:x%03d.mp4'])(
  'a file may be called %s',
  async (name) => {
    const short = await writeBarCodeVideo(join(folder.path, 'plain.mp4'), { frames: 30, rate: '25', encode: H264 });
    const path = join(folder.path, name);
    await copyFile(short, path);
    const info = await probeVideo(path);
    const [clip] = await Array.fromAsync(decodeClips(info, planClips(info, K400), { shortSide: 64 }));
    expect(readBarCodes(clip!)).toEqual([0, 29, 29, 29, 29, 29, 29, 29]);
  },
);
