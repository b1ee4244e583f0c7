import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_VIDEO_EXPORT, type VideoExport, type VideoFormat } from '#contract/video-export.ts';
import { writeAnnotatedVideo } from '#engine/export/video/write-annotated-video.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { ffmpeg, H264 } from '../../../../fixtures/bar-code-video.ts';
import { brightness } from '../../../../fixtures/brightness.ts';
import { MARKED_MODEL, type MarkedAnalysisOptions, markedAnalysis } from '../../../../fixtures/marked-analysis.ts';
import { temporaryFolder } from '../../../../fixtures/temporary-folder.ts';

const run = promisify(execFile);

/** Nothing but the picture. */
const BARE: VideoExport = {
  ...DEFAULT_VIDEO_EXPORT,
  ...{ overlay: { mode: 'off', opacity: 0.6 }, prediction: 'off' },
  ...{ keepRatio: false, time: false, legend: false, modelName: false },
};
const KEPT: VideoExport = { ...BARE, overlay: { mode: 'kept', opacity: 0.5 } };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await makeVideo('still.mp4', { size: '480x256', more: [...H264, '-crf', '12'] });
  await makeVideo('opus.mkv', { size: '160x120', seconds: 1, more: [...H264, '-c:a', 'libopus'] });
});
afterAll(() => folder[Symbol.asyncDispose]());

const at = (name: string) => join(folder.path, name);

/** A soft moving picture, and a tone; as ffmpeg's options say. */
async function makeVideo(name: string, options: { size: string; seconds?: number; more?: readonly string[] }) {
  const { size, seconds = 2, more = [] } = options;
  const picture = `gradients=size=${size}:rate=25:duration=${seconds}:c0=0x406080:c1=0xa09060:speed=0.02:seed=3`;
  const sound = `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
  await ffmpeg(['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, ...more, at(name)]);
  return at(name);
}

async function exported(source: string, name: string, options: VideoExport, marks?: Partial<MarkedAnalysisOptions>) {
  const video = await probeVideo(source);
  const { width, height } = video;
  const analysis = markedAnalysis({ width, height, clipSeconds: 1, clips: 2, keeps: () => true, ...marks });
  const format = extname(name).slice(1) as VideoFormat;
  return writeAnnotatedVideo(video, analysis, at(name), format, options);
}

async function ask(path: string, ...question: string[]): Promise<string[]> {
  const { stdout } = await run('ffprobe', ['-v', 'error', ...question, '-of', 'csv=p=0', path], { maxBuffer: 2 ** 26 });
  return stdout
    .split('\n')
    .map((line) => line.replace(/,$/, '').trim())
    .filter((line) => line !== '');
}

/** When each frame is presented, from the first. */
async function frameTimes(path: string): Promise<number[]> {
  const lines = await ask(path, '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time');
  const times = lines.map(Number.parseFloat);
  return times.map((time) => time - times[0]!);
}

/** Hashes of what the packets of the sound hold. */
const soundPackets = (path: string) =>
  ask(path, '-select_streams', 'a:0', '-show_entries', 'packet=data_hash', '-show_data_hash', 'md5');

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Frames of two videos of one size. */
interface FramePair {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly width: number;
  readonly height: number;
}

function* pixelPairs({ before, after, width, height }: FramePair, frame: number, area: Area) {
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      const i = (frame * height + y) * width + x;
      yield [before[i]!, after[i]!] as const;
    }
  }
}

/** Peak signal-to-noise ratio of an area, in dB. */
function psnr(pair: FramePair, frame: number, area: Area): number {
  let squares = 0;
  for (const [a, b] of pixelPairs(pair, frame, area)) squares += (a - b) ** 2;
  return 10 * Math.log10((255 ** 2 * area.width * area.height) / Math.max(squares, 1e-9));
}

/** Mean ratio of after to before, in shares of the light above black. */
function lightShare(pair: FramePair, frame: number, area: Area): number {
  let before = 0;
  let after = 0;
  for (const [a, b] of pixelPairs(pair, frame, area)) {
    before += a;
    after += b;
  }
  return after / before;
}

async function compare(source: string, result: string, filters = 'null'): Promise<FramePair> {
  const [size = ''] = await ask(result, '-select_streams', 'v:0', '-show_entries', 'stream=width,height');
  const [width = 0, height = 0] = size.split(',').map(Number);
  const crop = `${filters},crop=${width}:${height}:0:0`;
  return { before: await brightness(source, crop), after: await brightness(result, 'null'), width, height };
}

/** The middle of a patch of the centre crop, in a picture whose short side is its height. */
function patchArea({ width, height }: { width: number; height: number }, column: number, row: number): Area {
  const side = height / (MARKED_MODEL.imageSize / MARKED_MODEL.patchSize);
  const left = (width - height) / 2 + column * side;
  return {
    ...{ x: Math.round(left + 0.3 * side), y: Math.round((row + 0.3) * side) },
    ...{ width: Math.floor(0.4 * side), height: Math.floor(0.4 * side) },
  };
}

describe('an annotated MP4', () => {
  test('has every frame of a variable rate at its own time, and the very packets of the sound', async () => {
    const drop = "select='not(eq(mod(n,7),3))*not(between(n,20,29))'";
    const source = await makeVideo('variable.mp4', {
      size: '320x240',
      seconds: 3,
      more: ['-vf', drop, '-fps_mode', 'passthrough', '-enc_time_base', '1/90000', ...H264, '-c:a', 'aac'],
    });
    const { frames, sound, warnings } = await exported(source, 'variable.out.mp4', DEFAULT_VIDEO_EXPORT);
    const wanted = await frameTimes(source);
    const got = await frameTimes(at('variable.out.mp4'));
    expect(got).toHaveLength(wanted.length);
    expect(frames).toBe(wanted.length);
    for (const [i, time] of wanted.entries()) expect(Math.abs(got[i]! - time)).toBeLessThan(0.001);
    expect(sound).toEqual([{ codec: 'aac', copied: true }]);
    expect(await soundPackets(at('variable.out.mp4'))).toEqual(await soundPackets(source));
    expect(warnings).toEqual([]);
  });

  test('can be probed, and has its index before its pictures', async () => {
    await exported(at('still.mp4'), 'probed.mp4', DEFAULT_VIDEO_EXPORT);
    const info = await probeVideo(at('probed.mp4'));
    expect(info).toMatchObject({ codec: 'h264', width: 480, height: 256, hasAudio: true, warnings: [] });
    const bytes = await readFile(at('probed.mp4'));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  test('dims the dropped patches of the frame on screen, and leaves everything else as it was', async () => {
    const source = at('still.mp4');
    // The first sampled frame keeps the left half, the second one the right half.
    const keeps = ({ frame, column }: { frame: number; column: number }) => column < 2 === (frame === 0);
    await exported(source, 'kept.mp4', KEPT, { keeps });
    const pair = await compare(source, at('kept.mp4'));
    for (const [frame, keptLeft] of [
      [2, true],
      [11, false],
      [23, false],
      [27, true],
      [45, false],
    ] as const) {
      for (const [column, isLeft] of [
        [0, true],
        [3, false],
      ] as const) {
        const area = patchArea(pair, column, 2);
        if (isLeft === keptLeft) expect(psnr(pair, frame, area)).toBeGreaterThan(38);
        else expect(lightShare(pair, frame, area)).toBeCloseTo(0.5, 1);
      }
      // Beside the crop nothing was analysed.
      expect(psnr(pair, frame, { x: 0, y: 0, width: 100, height: 256 })).toBeGreaterThan(38);
      expect(psnr(pair, frame, { x: 380, y: 0, width: 100, height: 256 })).toBeGreaterThan(38);
    }
  });

  test('blends between two sampled frames where this is chosen', async () => {
    const keeps = ({ frame, column }: { frame: number; column: number }) => column < 2 === (frame === 0);
    await exported(at('still.mp4'), 'blend.mp4', { ...KEPT, between: 'blend' }, { keeps });
    const pair = await compare(at('still.mp4'), at('blend.mp4'));
    // Sampled at 0 and 0.5 s: from 0.25 s on both halves are half dropped, which dims them to 0.75.
    for (const column of [0, 3]) expect(lightShare(pair, 7, patchArea(pair, column, 1))).toBeCloseTo(0.75, 1);
  });

  test('colours patches by their scores in a heat map', async () => {
    const keeps = ({ column }: { column: number }) => column < 2;
    await exported(at('still.mp4'), 'heat.mp4', { ...BARE, overlay: { mode: 'heat', opacity: 1 } }, { keeps });
    const pair = await compare(at('still.mp4'), at('heat.mp4'));
    const mean = (area: Area) => lightShare({ ...pair, before: pair.before.map(() => 255) }, 5, area);
    // Viridis: a score of 0.9 is a light yellowish green, one of 0.1 a dark violet.
    expect(mean(patchArea(pair, 0, 1))).toBeGreaterThan(0.65);
    expect(mean(patchArea(pair, 3, 1))).toBeLessThan(0.25);
  });

  test('is the plain picture where every part is left out', async () => {
    await exported(at('still.mp4'), 'bare.mp4', BARE);
    const pair = await compare(at('still.mp4'), at('bare.mp4'));
    for (const frame of [0, 25, 49]) {
      expect(psnr(pair, frame, { x: 0, y: 0, width: pair.width, height: pair.height })).toBeGreaterThan(38);
    }
  });

  test('draws cards only where they belong', async () => {
    const options = { ...DEFAULT_VIDEO_EXPORT, overlay: { mode: 'off', opacity: 0 } as const };
    await exported(at('still.mp4'), 'cards.mp4', options, { crops: ['left', 'center', 'right'] });
    const pair = await compare(at('still.mp4'), at('cards.mp4'));
    // The middle stays free; model's name, prediction and time are in their corners.
    expect(psnr(pair, 30, { x: 250, y: 60, width: 120, height: 100 })).toBeGreaterThan(38);
    for (const corner of [
      { x: 8, y: 8, width: 40, height: 16 },
      { x: 8, y: 150, width: 200, height: 90 },
      { x: 400, y: 200, width: 70, height: 48 },
    ]) {
      expect(psnr(pair, 30, corner)).toBeLessThan(25);
    }
  });

  test('shows the original beside the annotated picture', async () => {
    await exported(at('still.mp4'), 'bare-left.mp4', BARE);
    await exported(at('still.mp4'), 'beside.mp4', { ...KEPT, sideBySide: true }, { keeps: () => false });
    const left = { ...(await compare(at('still.mp4'), at('bare-left.mp4'))) };
    const both = await brightness(at('beside.mp4'), 'crop=480:256:0:0');
    const right = await brightness(at('beside.mp4'), 'crop=480:256:480:0');
    expect((await probeVideo(at('beside.mp4'))).width).toBe(960);
    expect(psnr({ ...left, after: both }, 10, { x: 0, y: 0, width: 480, height: 256 })).toBeGreaterThan(38);
    expect(lightShare({ ...left, after: right }, 10, patchArea(left, 1, 1))).toBeCloseTo(0.5, 1);
  });

  test('holds a span: its frames and its part of the sound, from 0 on', async () => {
    const source = await makeVideo('long.mkv', { size: '160x120', seconds: 30, more: [...H264, '-c:a', 'libopus'] });
    const span = { startSeconds: 20.4, endSeconds: 21.2 };
    const { frames } = await exported(source, 'span.mp4', { ...KEPT, span });
    expect(frames).toBe(20);
    const { durationSeconds, hasAudio } = await probeVideo(at('span.mp4'));
    expect(durationSeconds).toBeCloseTo(0.8, 2);
    expect(hasAudio).toBe(true);
    const pair: FramePair = {
      before: await brightness(source, 'trim=start_frame=510:end_frame=530'),
      after: await brightness(at('span.mp4'), 'null'),
      ...{ width: 160, height: 120 },
    };
    // The gradient moves, so no other frame is as near.
    for (const frame of [0, 19]) expect(psnr(pair, frame, { x: 0, y: 0, width: 160, height: 120 })).toBeGreaterThan(38);
    expect(pair.after).toHaveLength(pair.before.length);
  });
});

describe('awkward pictures', () => {
  const leftDropped = { keeps: ({ column }: { column: number }) => column >= 2, clips: 1 };

  test('are turned as players turn them', async () => {
    const upright = await makeVideo('upright.mp4', { size: '256x480', seconds: 1, more: [...H264, '-crf', '12'] });
    await ffmpeg(['-display_rotation', '90', '-i', upright, '-c', 'copy', at('turned.mp4')]).catch(() =>
      ffmpeg(['-i', upright, '-c', 'copy', '-metadata:s:v:0', 'rotate=270', at('turned.mp4')]),
    );
    await exported(at('turned.mp4'), 'turned.out.mp4', KEPT, leftDropped);
    const pair = await compare(at('turned.mp4'), at('turned.out.mp4'));
    expect([pair.width, pair.height]).toEqual([480, 256]);
    expect(lightShare(pair, 5, patchArea(pair, 0, 1))).toBeCloseTo(0.5, 1);
    expect(psnr(pair, 5, patchArea(pair, 3, 1))).toBeGreaterThan(38);
    expect((await probeVideo(at('turned.out.mp4'))).rotation).toBe(0);
  });

  test('get square pixels', async () => {
    const more = [...H264, '-crf', '12', '-vf', 'setsar=2/1'];
    const source = await makeVideo('wide.mp4', { size: '240x256', seconds: 1, more });
    await exported(source, 'wide.out.mp4', KEPT, leftDropped);
    const pair = await compare(source, at('wide.out.mp4'), 'scale=480:256');
    expect([pair.width, pair.height]).toEqual([480, 256]);
    expect(lightShare(pair, 5, patchArea(pair, 0, 1))).toBeCloseTo(0.5, 1);
    expect(psnr(pair, 5, patchArea(pair, 3, 1))).toBeGreaterThan(38);
  });

  test('with odd sides lose their last row and column', async () => {
    const more = ['-c:v', 'ffv1', '-pix_fmt', 'yuv444p', '-c:a', 'pcm_s16le'];
    const source = await makeVideo('odd.mkv', { size: '321x241', seconds: 1, more });
    const { sound } = await exported(source, 'odd.mp4', KEPT, leftDropped);
    const pair = await compare(source, at('odd.mp4'));
    expect([pair.width, pair.height]).toEqual([320, 240]);
    expect(lightShare(pair, 5, patchArea(pair, 0, 1))).toBeCloseTo(0.5, 1);
    expect(psnr(pair, 5, patchArea(pair, 3, 1))).toBeGreaterThan(38);
    expect(sound).toEqual([{ codec: 'pcm_s16le', copied: false }]);
  });

  test('with 10 bits and a late start are stored with 8, from 0 on', async () => {
    const more = [...H264, '-pix_fmt', 'yuv420p10le', '-output_ts_offset', '7', '-c:a', 'aac'];
    const source = await makeVideo('late.ts', { size: '320x240', seconds: 1, more });
    const { sound } = await exported(source, 'late.mp4', KEPT);
    const { startSeconds, bitDepth } = await probeVideo(at('late.mp4'));
    expect(startSeconds).toBeLessThan(0.2);
    expect(bitDepth).toBe(8);
    expect(await frameTimes(at('late.mp4'))).toHaveLength(25);
    expect(sound).toEqual([{ codec: 'aac', copied: true }]);
  });
});

describe('other formats', () => {
  test('WebM has VP9 and Opus, copied where it is Opus already, and the same times', async () => {
    const source = at('opus.mkv');
    const { sound } = await exported(source, 'out.webm', DEFAULT_VIDEO_EXPORT);
    const codecs = await ask(at('out.webm'), '-show_entries', 'stream=codec_name');
    expect(codecs).toEqual(['vp9', 'opus']);
    expect(sound).toEqual([{ codec: 'opus', copied: true }]);
    expect(await soundPackets(at('out.webm'))).toEqual(await soundPackets(source));
    const wanted = await frameTimes(source);
    for (const [i, time] of (await frameTimes(at('out.webm'))).entries()) {
      expect(Math.abs(time - wanted[i]!)).toBeLessThanOrEqual(0.001 + 1e-9);
    }
  });

  test('GIF has every frame, to a hundredth of a second, and no sound', async () => {
    const { frames, sound } = await exported(at('opus.mkv'), 'out.gif', DEFAULT_VIDEO_EXPORT);
    expect(frames).toBe(25);
    expect(sound).toEqual([]);
    const wanted = await frameTimes(at('opus.mkv'));
    const got = await frameTimes(at('out.gif'));
    expect(got).toHaveLength(25);
    for (const [i, time] of got.entries()) expect(Math.abs(time - wanted[i]!)).toBeLessThanOrEqual(0.01);
  });

  test('GIF has the colours of every frame, also where nothing moves', async () => {
    // Most of this picture stands still while its colours are counted anew for every frame.
    const source = at('partly-still.mkv');
    const moving = 'color=0x203040:size=160x120:rate=10:duration=2[still];testsrc2=size=80x60:rate=10:duration=2';
    const graph = `${moving},hue=H=t*3[moving];[still][moving]overlay=70:50`;
    await ffmpeg(['-f', 'lavfi', '-i', graph, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p', source]);
    await exported(source, 'partly-still.gif', BARE);
    const pair = await compare(source, at('partly-still.gif'));
    for (const frame of [1, 10, 19]) {
      expect(psnr(pair, frame, { x: 0, y: 0, width: 160, height: 48 })).toBeGreaterThan(34);
      expect(psnr(pair, frame, { x: 0, y: 0, width: 160, height: 120 })).toBeGreaterThan(26);
    }
  });
});
