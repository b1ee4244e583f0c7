import { describe, expect, test } from 'vitest';
import { H264 } from '../../../fixtures/bar-code-video.ts';
import {
  at,
  barCodeFolder,
  type DecodedVideo,
  decodeAll,
  expectExact,
  VARIABLE_RATE,
} from '../../../fixtures/exact-frames.ts';

const videos = barCodeFolder();

describe('a span deep in a long file', () => {
  const FRAMES = 5000;
  const span = { startSeconds: 151.3, endSeconds: 165 };

  async function decodeSpan(path: string): Promise<DecodedVideo> {
    const result = await decodeAll(path, { span });
    expect(result.decoded[0]!.clip.startSeconds).toBe(151.3);
    expect(result.warnings).toEqual([]);
    return result;
  }

  test.each([
    ['mp4', []],
    ['mkv', []],
    ['ts', []],
    ['ts', ['-x264-params', 'open-gop=1:keyint=60:bframes=3']],
    ['avi', ['-bf', '0']],
  ])('at a constant rate (%s %s)', async (extension, more) => {
    const path = await videos.make(`long-${more.length}.${extension}`, {
      frames: FRAMES,
      rate: '25',
      encode: [...H264, ...more],
    });
    expectExact(await decodeSpan(path), { frames: FRAMES, appears: at(25), tickSeconds: 1e-3 });
  });

  test('at a variable rate', async () => {
    const path = await videos.make('long-variable.mp4', {
      frames: FRAMES,
      rate: '25',
      encode: VARIABLE_RATE.encode,
    });
    const { appears } = VARIABLE_RATE;
    expectExact(await decodeSpan(path), { frames: FRAMES, appears, tickSeconds: 1e-3 });
  });

  test('behind an edit list', async () => {
    const whole = await videos.make('long-whole.mp4', { frames: FRAMES, rate: '25', encode: H264 });
    const path = await videos.repack(whole, 'long-edit.mp4', ['-ss', '3'], []);
    expectExact(await decodeSpan(path), { frames: FRAMES - 75, appears: at(25), firstNumber: 75 });
  });
});
