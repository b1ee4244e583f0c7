import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { playbackOf } from '#engine/video/playback.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { type WritePreviewOptions, writePreview } from '#engine/video/write-preview.ts';
import { ffmpeg, H264, writeBarCodeVideo } from '../../../fixtures/bar-code-video.ts';
import { frameNumbers, frameStamps, frameTimes } from '../../../fixtures/frame-times.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const FRAMES = 60;
const MILLISECOND = 0.001;
const VARIABLE = "settb=1/1000,setpts='N*40+mod(N*N*7,37)'";
const AT_ANY_TIME = ['-vf', VARIABLE, '-vsync', 'passthrough', '-enc_time_base', '1/1000'];
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'];
const ignoring: WritePreviewOptions = { signal: new AbortController().signal, onProgress: () => {} };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const place = (name: string) => join(folder.path, name);

function make(name: string, encode: readonly string[], size: { width?: number; height?: number } = {}) {
  return writeBarCodeVideo(place(name), { frames: FRAMES, rate: '25', encode, ...size });
}

/** Writes the preview of a file, and looks into both. */
async function previewOf(path: string, options = ignoring) {
  const source = await probeVideo(path);
  const file = `${path}.preview.mp4`;
  await writePreview(source, file, options);
  return { source, preview: await probeVideo(file) };
}

const numbers = Array.from({ length: FRAMES }, (_, n) => n);

/** Every frame of the source is in the preview, at its time from the first one, which stands at 0. */
async function expectSameFrames({ source, preview }: Awaited<ReturnType<typeof previewOf>>): Promise<void> {
  const stamps = await frameStamps(preview);
  const times = await frameTimes(source);
  expect(stamps[0]).toBe(0);
  expect(stamps).toHaveLength(times.length);
  for (const [n, time] of times.entries()) expect(Math.abs(stamps[n]! - time)).toBeLessThan(MILLISECOND);
}

describe('a preview shows every frame at its time', () => {
  test.each<[what: string, name: string, encode: readonly string[]]>([
    ['MPEG-4 part 2 in AVI', 'mpeg4.avi', ['-c:v', 'mpeg4', '-q:v', '3']],
    ['MPEG-4 part 2 with B-frames in MP4', 'mpeg4.mp4', ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2']],
    ['HEVC', 'hevc.mp4', HEVC],
    ['HEVC with 10 bits', 'hevc10.mp4', [...HEVC, '-pix_fmt', 'yuv420p10le']],
    ['MPEG-2 in a program stream', 'mpeg2.mpg', ['-c:v', 'mpeg2video', '-q:v', '3', '-bf', '2']],
    ['interlaced MPEG-2', 'tv.mpg', ['-c:v', 'mpeg2video', '-q:v', '3', '-flags', '+ilme+ildct']],
    ['H.264 in a transport stream', 'h264.ts', H264],
    ['H.264 in FLV', 'h264.flv', H264],
    ['Sorenson in FLV', 'flv1.flv', ['-c:v', 'flv', '-q:v', '3']],
    ['ProRes', 'prores.mov', ['-c:v', 'prores', '-pix_fmt', 'yuv422p10le']],
    ['a variable rate in Matroska', 'variable.mkv', [...AT_ANY_TIME, '-c:v', 'mpeg4', '-q:v', '3']],
    ['a variable rate in MP4', 'variable.mp4', [...AT_ANY_TIME, ...HEVC]],
  ])('of %s', async (_what, name, encode) => {
    const both = await previewOf(await make(name, encode));
    await expectSameFrames(both);
    const { source, preview } = both;
    expect(playbackOf(preview)).toBe('direct');
    expect(preview).toMatchObject({
      codec: 'h264',
      pixelFormat: 'yuv420p',
      bitDepth: 8,
      rotation: 0,
      interlaced: false,
    });
    expect([preview.width, preview.height]).toEqual([source.width, source.height]);
    expect(Math.abs(preview.durationSeconds - source.durationSeconds)).toBeLessThanOrEqual(0.05);
    expect(await frameNumbers(preview.path, source)).toEqual(numbers);
  });

  test('of gaps of seconds', async () => {
    const gaps = "settb=1/1000,setpts='N*100+floor(N/10)*3000'";
    const encode = ['-vf', gaps, '-vsync', 'passthrough', '-enc_time_base', '1/1000', '-c:v', 'mpeg4', '-q:v', '3'];
    const both = await previewOf(await make('gaps.mkv', encode));
    expect(both.source.durationSeconds).toBeGreaterThan(20);
    await expectSameFrames(both);
  });

  test.each(['mp4', 'mkv', 'ts'])('of a video that begins at 8.3 s (%s)', async (extension) => {
    const whole = await make(`begin-${extension}.mp4`, H264);
    const path = place(`begin.${extension}`);
    await ffmpeg(['-i', whole, '-c', 'copy', '-output_ts_offset', '8.3', path]);
    const both = await previewOf(path);
    expect(both.source.startSeconds).toBeGreaterThan(8);
    expect(both.preview.startSeconds).toBe(0);
    await expectSameFrames(both);
  });

  test('of an edit list', async () => {
    const path = place('edit-list.mp4');
    await ffmpeg(['-ss', '1.3', '-i', await make('unedited.mp4', [...H264, '-g', '50']), '-c', 'copy', path]);
    const both = await previewOf(path);
    await expectSameFrames(both);
    // The second of the source ends after 1.3 s: at 25 frames/s that is within frame 32.
    expect(await frameNumbers(both.preview.path, both.source)).toEqual(numbers.slice(33));
  });
});

describe('a preview has the picture that the engine sees', () => {
  test('turned upright', async () => {
    const path = place('turned.mov');
    const flat = await make('flat.mov', ['-c:v', 'mpeg4', '-q:v', '3']);
    await ffmpeg(['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', path]);
    const { source, preview } = await previewOf(path);
    expect(source).toMatchObject({ rotation: 90, width: 96, height: 240 });
    expect(preview).toMatchObject({ rotation: 0, width: 96, height: 240 });
    expect(await frameNumbers(preview.path, source)).toEqual(numbers);
  });

  test('with square pixels where they were not, in its exact shape', async () => {
    const wide = await previewOf(await make('wide.avi', ['-vf', 'setsar=2/1', '-c:v', 'mpeg4', '-q:v', '3']));
    expect(wide.source).toMatchObject({ codedWidth: 240, width: 480, height: 96 });
    expect(wide.preview).toMatchObject({ codedWidth: 480, width: 480, height: 96 });
    const odd = await previewOf(await make('odd.avi', ['-vf', 'setsar=64/51', '-c:v', 'mpeg4', '-q:v', '3']));
    expect(odd.source).toMatchObject({ width: 301, height: 96 });
    expect(odd.preview).toMatchObject({ codedWidth: 302, width: 301, height: 96 });
  });

  test('with 1280 pixels at most', async () => {
    const size = { width: 1920, height: 1080 };
    const { preview } = await previewOf(await make('large.avi', ['-c:v', 'mpeg4', '-q:v', '5'], size));
    expect(preview).toMatchObject({ codedWidth: 1280, codedHeight: 720 });
  });

  test('of the stream that is analysed', async () => {
    const path = place('two.mkv');
    const [mpeg4, other] = [await make('one.mp4', ['-c:v', 'mpeg4', '-q:v', '3']), place('other.mp4')];
    await ffmpeg(['-f', 'lavfi', '-i', 'color=red:size=64x64:duration=1', ...H264, other]);
    const order = ['-map', '0', '-map', '1', '-disposition:v:0', '0', '-disposition:v:1', 'default'];
    await ffmpeg(['-i', other, '-i', mpeg4, ...order, '-c', 'copy', path]);
    const { source, preview } = await previewOf(path);
    expect(source).toMatchObject({ streamIndex: 1, isFirstStream: false });
    expect(await frameNumbers(preview.path, source)).toEqual(numbers);
  });
});

/** Where the sound of a file begins to be loud, in seconds of its decoded samples. */
async function soundBegins(path: string): Promise<number> {
  const output = ['-map', '0:a:0', '-ac', '1', '-ar', '8000', '-f', 's16le', 'pipe:1'];
  const { stdout } = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', path, ...output], {
    encoding: 'buffer',
    maxBuffer: 2 ** 26,
  });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
  return samples.findIndex((sample) => Math.abs(sample) > 2000) / 8000;
}

describe('sound', () => {
  /** A tone that begins at 1.5 s, in a file with pictures from `picturesAt` and sound from `soundAt` on. */
  async function withTone(name: string, picturesAt: number, soundAt: number): Promise<string> {
    const video = await make(`${name}.mp4`, ['-c:v', 'mpeg4', '-q:v', '3']);
    const tone = `aevalsrc='0.8*sin(2*PI*440*t)*gte(t,${1.5 - soundAt})':duration=${3 - soundAt}:sample_rate=44100`;
    const inputs = [
      '-itsoffset',
      String(picturesAt),
      '-i',
      video,
      '-itsoffset',
      String(soundAt),
      '-f',
      'lavfi',
      '-i',
      tone,
    ];
    await ffmpeg([...inputs, '-c:v', 'copy', '-c:a', 'mp2', place(`${name}.mkv`)]);
    return place(`${name}.mkv`);
  }

  test.each([
    ['together with the pictures', 0, 0],
    ['before the pictures', 0.6, 0],
    ['after the pictures', 0, 0.9],
  ])('that begins %s stays with them', async (what, picturesAt, soundAt) => {
    const { preview } = await previewOf(await withTone(what.replaceAll(' ', '-'), picturesAt, soundAt));
    expect(preview).toMatchObject({ hasAudio: true, startSeconds: 0 });
    expect(Math.abs((await soundBegins(preview.path)) - (1.5 - picturesAt))).toBeLessThan(0.03);
  });

  test('that nothing can decode is left out', async () => {
    const bytes = await readFile(await withTone('unknown', 0, 0));
    const codec = bytes.indexOf('A_MPEG/L2');
    bytes.write('A_PATCHLT', codec, 'latin1');
    await writeFile(place('unknown-sound.mkv'), bytes);
    const both = await previewOf(place('unknown-sound.mkv'));
    expect([both.source.hasAudio, both.preview.hasAudio]).toEqual([true, false]);
    await expectSameFrames(both);
  });
});

test('a player can begin before the whole file has come: its index is first', async () => {
  const { preview } = await previewOf(await make('index.avi', ['-c:v', 'mpeg4', '-q:v', '3']));
  const bytes = await readFile(preview.path);
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
});

test('a seek decodes few frames: every fifteenth stands by itself', async () => {
  const { preview } = await previewOf(await make('keys.avi', ['-c:v', 'mpeg4', '-q:v', '3']));
  const question = ['-v', 'quiet', '-show_entries', 'packet=flags', '-of', 'csv=p=0', preview.path];
  const { stdout } = await promisify(execFile)('ffprobe', question);
  const keys = stdout
    .trim()
    .split('\n')
    .flatMap((flags, n) => (flags.startsWith('K') ? [n] : []));
  expect(keys[0]).toBe(0);
  const distances = [...keys.slice(1), FRAMES].map((key, i) => key - keys[i]!);
  expect(Math.max(...distances)).toBeLessThanOrEqual(15);
});

test('progress ends at the end', async () => {
  const told: number[] = [];
  await previewOf(await make('progress.avi', ['-c:v', 'mpeg4', '-q:v', '3']), {
    ...ignoring,
    onProgress: (secondsDone) => void told.push(secondsDone),
  });
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBeCloseTo(FRAMES / 25, 1);
});

describe('a preview that cannot be made', () => {
  /** A program that stands in for ffmpeg and runs it with another output or encoder. */
  async function wrapper(name: string, script: string): Promise<void> {
    const path = place(name);
    await writeFile(path, `#!/bin/bash\n${script}\n`);
    await chmod(path, 0o755);
    vi.stubEnv('FFMPEG_PATH', path);
  }

  test('of a video without one decodable picture says so', async () => {
    const path = await make('damaged.avi', ['-c:v', 'mjpeg', '-q:v', '3']);
    const source = await probeVideo(path);
    const bytes = await readFile(path);
    const movie = bytes.indexOf('movi');
    bytes.fill(0x5a, movie + 12, bytes.lastIndexOf('idx1'));
    await writeFile(path, bytes);
    const outcome = writePreview(source, place('damaged.mp4'), ignoring);
    await expect(outcome).rejects.toMatchObject({ code: 'video-undecodable', hint: expect.any(String) });
  });

  test.skipIf(process.platform !== 'linux')('for a full disk says so', async () => {
    const source = await probeVideo(await make('full.avi', ['-c:v', 'mpeg4', '-q:v', '3']));
    await wrapper(
      'full-disk',
      `case "\${!#}" in *.mp4) exec ffmpeg "\${@:1:$#-1}" /dev/full;; *) exec ffmpeg "$@";; esac`,
    );
    const outcome = writePreview(source, place('full.mp4'), ignoring);
    await expect(outcome).rejects.toMatchObject({
      code: 'disk-full',
      detail: expect.stringContaining('No space left'),
    });
  });

  test.skipIf(process.platform === 'win32')('without an encoder for H.264 says so', async () => {
    const source = await probeVideo(await make('no-encoder.avi', ['-c:v', 'mpeg4', '-q:v', '3']));
    await wrapper('lean-ffmpeg', `exec ffmpeg "\${@/libx264/libmissing}"`);
    const outcome = writePreview(source, place('no-encoder.mp4'), ignoring);
    await expect(outcome).rejects.toMatchObject({ code: 'preview-failed', message: expect.stringContaining('H.264') });
  });

  test('is called off at once', async () => {
    const size = { width: 1920, height: 1080 };
    const source = await probeVideo(await make('cancel.avi', ['-c:v', 'mpeg4', '-q:v', '5'], size));
    const stop = new AbortController();
    const reason = new Error('nobody wants it');
    const outcome = writePreview(source, place('cancel.mp4'), {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(outcome).rejects.toBe(reason);
    await expect(probeVideo(place('cancel.mp4'))).rejects.toThrow();
  });
});
