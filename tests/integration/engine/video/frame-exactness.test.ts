import { describe, expect, test } from 'vitest';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { ffmpeg, H264, readBarCodes } from '../../../fixtures/bar-code-video.ts';
import { at, barCodeFolder, decodeAll, expectExact, K400, VARIABLE_RATE } from '../../../fixtures/exact-frames.ts';

const INTERLACED_MPEG2 = ['-c:v', 'mpeg2video', '-b:v', '2M', '-bf', '2', '-flags', '+ilme+ildct'];
const videos = barCodeFolder();

describe('every sampled frame is the planned one', () => {
  test('in a video with B-frames, at 30 frames/s, over several clips', async () => {
    const path = await videos.make('b-frames.mp4', { frames: 700, rate: '30', encode: H264 });
    const result = await decodeAll(path);
    expect(result.decoded).toHaveLength(3);
    expect(result.decoded[0]!.frameIndices).toEqual([0, 36, 72, 109, 145, 182, 218, 255]);
    expectExact(result, { frames: 700, appears: at(30) });
    expect(result.warnings).toEqual([]);
  });

  test.each([
    ['24000/1001', 24000 / 1001],
    ['25', 25],
    ['30000/1001', 30000 / 1001],
    ['60000/1001', 60000 / 1001],
    ['12', 12],
  ])('at %s frames/s', async (rate, fps) => {
    const frames = Math.round(fps * 22);
    const path = await videos.make(`rate-${fps.toFixed(2)}.mp4`, { frames, rate, encode: H264 });
    expectExact(await decodeAll(path), { frames, appears: at(fps) });
  });

  test('where time stamps are rounded to milliseconds (Matroska)', async () => {
    for (const [rate, fps] of [
      ['30000/1001', 30000 / 1001],
      ['60000/1001', 60000 / 1001],
      ['24', 24],
    ] as const) {
      const frames = Math.round(fps * 40);
      const path = await videos.make(`ms-${fps.toFixed(2)}.mkv`, { frames, rate, encode: H264 });
      const result = await decodeAll(path);
      expect(result.decoded).toHaveLength(5);
      expectExact(result, { frames, appears: at(fps), tickSeconds: 6e-4 });
    }
  });

  test.each(['mp4', 'mkv'])('at a variable rate (%s)', async (container) => {
    const { appears } = VARIABLE_RATE;
    const path = await videos.make(`variable.${container}`, {
      frames: 500,
      rate: '25',
      encode: VARIABLE_RATE.encode,
    });
    const result = await decodeAll(path);
    expect(result.video.constantRate).toBe(false);
    expectExact(result, { frames: 500, appears, tickSeconds: 1e-3 });
  });

  test('across long gaps', async () => {
    const appears = (n: number) => n * 0.1 + Math.floor(n / 10) * 3;
    const path = await videos.make('gaps.mp4', {
      frames: 60,
      rate: '10',
      encode: [
        '-vf',
        "settb=1/1000,setpts='N*100+floor(N/10)*3000'",
        '-vsync',
        'passthrough',
        '-enc_time_base',
        '1/1000',
        ...H264,
      ],
    });
    expectExact(await decodeAll(path), { frames: 60, appears, tickSeconds: 1e-3 });
  });

  test('behind an edit list that begins between key frames', async () => {
    const whole = await videos.make('whole.mp4', { frames: 400, rate: '30', encode: [...H264, '-g', '50'] });
    const path = await videos.repack(whole, 'edit-list.mp4', ['-ss', '1.3'], []);
    const result = await decodeAll(path);
    expect(result.video.presentedFrames).toBe(361);
    expectExact(result, { frames: 361, appears: at(30), firstNumber: 39 });
  });

  test.each([
    ['mp4', 'mp4'],
    ['Matroska', 'mkv'],
    ['a transport stream', 'ts'],
  ])('with a start other than zero in %s', async (_, extension) => {
    const whole = await videos.make(`start-${extension}.mp4`, { frames: 300, rate: '25', encode: H264 });
    const path = await videos.repack(whole, `start.${extension}`, [], ['-output_ts_offset', '8.3']);
    const result = await decodeAll(path);
    expect(result.video.startSeconds).toBeGreaterThan(8);
    expectExact(result, { frames: 300, appears: at(25), tickSeconds: 1e-3 });
  });

  test.each([
    [90, 'up'],
    [180, 'left'],
    [270, 'down'],
  ] as const)('turned by %i degrees', async (degrees, direction) => {
    const whole = await videos.make(`upright-${degrees}.mp4`, { frames: 100, rate: '25', encode: H264 });
    const path = await videos.repack(whole, `turned-${degrees}.mp4`, [], ['-metadata:s:v', `rotate=${degrees}`]);
    const result = await decodeAll(path);
    const size = degrees === 180 ? { width: 240, height: 96 } : { width: 96, height: 240 };
    expect(result.video).toMatchObject(size);
    const [clip] = result.decoded;
    expect([clip!.width, clip!.height]).toEqual(degrees === 180 ? [160, 64] : [64, 160]);
    expectExact(result, { frames: 100, appears: at(25), direction });
  });

  test.each([
    ['H.264', ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p10le']],
    ['HEVC', ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p10le']],
  ])('in 10 bits (%s)', async (name, encode) => {
    const path = await videos.make(`ten-${name}.mp4`, { frames: 120, rate: '30', encode });
    const result = await decodeAll(path);
    expect(result.video.bitDepth).toBe(10);
    expectExact(result, { frames: 120, appears: at(30) });
  });

  test('with open groups of pictures', async () => {
    const path = await videos.make('open-gop.ts', {
      frames: 300,
      rate: '30',
      encode: [...H264, '-x264-params', 'open-gop=1:keyint=40:min-keyint=40:scenecut=0:bframes=3'],
    });
    expectExact(await decodeAll(path), { frames: 300, appears: at(30), tickSeconds: 1e-3 });
  });

  test('with pixels that are not square', async () => {
    const path = await videos.make('wide-pixels.mp4', {
      frames: 60,
      rate: '30',
      encode: ['-vf', 'setsar=2/1', ...H264],
    });
    const result = await decodeAll(path);
    expect(result.video).toMatchObject({ width: 480, height: 96, codedWidth: 240 });
    expect(result.decoded[0]).toMatchObject({ width: 320, height: 64 });
    expectExact(result, { frames: 60, appears: at(30) });
  });

  test.each([250, 60])('interlaced, %i frames', async (frames) => {
    const path = await videos.make(`interlaced-${frames}.mpg`, {
      frames,
      rate: '25',
      encode: ['-vf', 'setfield=tff', ...INTERLACED_MPEG2],
    });
    const result = await decodeAll(path);
    expect(result.video.interlaced).toBe(true);
    expectExact(result, { frames, appears: at(25), tickSeconds: 1e-3 });
  });

  test('interlaced with motion between the fields, of which the first is shown', async () => {
    // 50 numbered frames a second, woven to 25: frame n holds the lines of 2n and of 2n + 1.
    const path = await videos.make('woven.mpg', {
      frames: 200,
      rate: '50',
      encode: ['-vf', 'tinterlace=interleave_top', ...INTERLACED_MPEG2],
    });
    const video = await probeVideo(path);
    expect(video).toMatchObject({ interlaced: true, framesPerSecond: 25 });
    // At the stored height, so that scaling does not blend the fields.
    const [clip] = await Array.fromAsync(decodeClips(video, planClips(video, K400), { shortSide: video.height }));
    expect(clip!.frameIndices).toEqual([0, 30, 60, 91, 99, 99, 99, 99]);
    expect(readBarCodes(clip!)).toEqual(clip!.frameIndices.map((n) => 2 * n));
    // The last bar is the lowest bit, which differs between any two fields of a frame: woven, its lines would alternate.
    const { frames, width, height } = clip!;
    const lastBar = Math.floor((width * 14.5) / 15);
    for (let line = 0; line < height; line++) expect(frames[(line * width + lastBar) * 3]).toBeLessThan(80);
  });

  test('in portrait', async () => {
    const path = await videos.make('portrait.mp4', { frames: 100, rate: '30', width: 180, height: 320, encode: H264 });
    const result = await decodeAll(path);
    expect(result.decoded[0]).toMatchObject({ width: 64, height: 113 });
    expectExact(result, { frames: 100, appears: at(30) });
  });

  test.each([1, 2, 40])('in a video of %i frames, which is shorter than a clip', async (frames) => {
    const path = await videos.make(`short-${frames}.mp4`, { frames, rate: '30', encode: H264 });
    const result = await decodeAll(path);
    expect(result.decoded).toHaveLength(1);
    expectExact(result, { frames, appears: at(30) });
  });

  test.each([
    ['GIF', 'g.gif', '10', ['-pix_fmt', 'gray']],
    [
      'VP9 with hidden frames',
      'v.webm',
      '30',
      ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-auto-alt-ref', '1', '-lag-in-frames', '16'],
    ],
    ['MPEG-4 in AVI', 'm.avi', '25', ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3']],
  ])('as %s', async (_, name, rate, encode) => {
    const path = await videos.make(name, { frames: 70, rate, encode });
    expectExact(await decodeAll(path), { frames: 70, appears: at(Number(rate)), tickSeconds: 1e-3 });
  });

  test.each([0.4, 1, 2.5, 3.7, 12])('with a clip every %d s', async (strideSeconds) => {
    const path = videos.at('b-frames.mp4');
    expectExact(await decodeAll(path, { strideSeconds }), { frames: 700, appears: at(30) });
  });

  test('when the clips are not evenly spaced', async () => {
    const video = await probeVideo(videos.at('b-frames.mp4'));
    const all = planClips(video, { ...K400, strideSeconds: 0.5 });
    const clips = [0, 1, 2, 7, 8, 20, 21, 25].map((i) => all[i]!);
    expectExact(
      { decoded: await Array.fromAsync(decodeClips(video, clips, { shortSide: 64 })), clips },
      { frames: 700, appears: at(30) },
    );
  });

  test('when the size of the picture changes half-way', async () => {
    const small = await videos.make('small.ts', { frames: 150, rate: '25', encode: H264 });
    const large = await videos.make('large.ts', { frames: 150, rate: '25', width: 480, height: 192, encode: H264 });
    const path = videos.at('changing.ts');
    await ffmpeg(['-i', `concat:${small}|${large}`, '-c', 'copy', path]);
    const { decoded } = await decodeAll(path);
    const appears = at(25);
    const onScreen = decoded[0]!.clip.sampleSeconds.map((s) => {
      let n = 0;
      while (n + 1 < 300 && appears(n + 1) <= s + 1e-3) n++;
      return n % 150;
    });
    expect(readBarCodes(decoded[0]!)).toEqual(onScreen);
  });
});
