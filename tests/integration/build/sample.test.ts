import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { samplePath } from '../../../build/sample/encode.ts';
import { render } from '../../../build/sample/render.ts';
import { sample, sceneAt } from '../../../build/sample/scene.ts';

const run = promisify(execFile);

test('the sample is small enough to travel with the repository', async () => {
  expect((await stat(samplePath)).size).toBeLessThan(500_000);
});

test('the sample is ten seconds of 30 frames per second, in colours that players agree on', async () => {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_frames', '-of', 'json', '-show_entries'],
    ...['stream=codec_name,width,height,pix_fmt,r_frame_rate,nb_read_frames,color_space,color_range:format=duration'],
    samplePath,
  ]);
  const { streams, format } = JSON.parse(stdout);
  expect(streams).toEqual([
    {
      codec_name: 'h264',
      width: 480,
      height: 360,
      pix_fmt: 'yuv420p',
      color_range: 'tv',
      color_space: 'bt709',
      r_frame_rate: '30/1',
      nb_read_frames: '300',
    },
  ]);
  expect(Number(format.duration)).toBeCloseTo(10, 3);
});

test.each([0, 77, 151, 299])('frame %i of the sample is what the drawing code draws', async (index) => {
  const drawn = render(sceneAt(index), sample.width, sample.height);
  const { stdout: decoded } = await run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      samplePath,
      '-vf',
      `select=eq(n\\,${index})`,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ],
    { encoding: 'buffer', maxBuffer: 10_000_000 },
  );
  expect(decoded).toHaveLength(drawn.length);
  expect(peakSignalToNoise(decoded, drawn)).toBeGreaterThan(30);
});

test('neighbouring frames differ by more than the codec, so the comparison can fail', async () => {
  const frame = (index: number) => render(sceneAt(index), sample.width, sample.height);
  expect(peakSignalToNoise(frame(77), frame(85))).toBeLessThan(30);
});

/** Decibels between two pictures of 8-bit samples. */
function peakSignalToNoise(a: Uint8Array, b: Uint8Array): number {
  const squares = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}
