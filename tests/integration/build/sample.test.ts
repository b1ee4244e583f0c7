import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { samplePath } from '../../../build/sample/encode.ts';
import { movingFigures } from '../../../build/sample/moving-figures.ts';
import { oneAfterAnother } from '../../../build/sample/one-after-another.ts';
import { render } from '../../../build/sample/render.ts';
import { format, type Sample } from '../../../build/sample/scene.ts';

const run = promisify(execFile);

const samples: readonly Sample[] = [movingFigures, oneAfterAnother];

test.each(samples)('$name is small enough to travel with the repository', async (sample) => {
  expect((await stat(samplePath(sample))).size).toBeLessThan(500_000);
});

test.each(samples)('$name has 30 frames per second, in colours that players agree on', async (sample) => {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_frames', '-of', 'json', '-show_entries'],
    ...['stream=codec_name,width,height,pix_fmt,r_frame_rate,nb_read_frames,color_space,color_range:format=duration'],
    samplePath(sample),
  ]);
  const probed = JSON.parse(stdout);
  expect(probed.streams).toEqual([
    {
      codec_name: 'h264',
      width: 480,
      height: 360,
      pix_fmt: 'yuv420p',
      color_range: 'tv',
      color_space: 'bt709',
      r_frame_rate: '30/1',
      nb_read_frames: `${sample.frames}`,
    },
  ]);
  expect(Number(probed.format.duration)).toBeCloseTo(sample.frames / 30, 3);
});

test.each(
  samples.flatMap((sample) => [0, 77, 151, sample.frames - 1].map((index) => ({ sample, name: sample.name, index }))),
)('frame $index of $name is what the drawing code draws', async ({ sample, index }) => {
  const drawn = render(sample.at(index), format.width, format.height);
  const { stdout: decoded } = await run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      samplePath(sample),
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
  const frame = (index: number) => render(movingFigures.at(index), format.width, format.height);
  expect(peakSignalToNoise(frame(77), frame(85))).toBeLessThan(30);
});

/** Decibels between two pictures of 8-bit samples. */
function peakSignalToNoise(a: Uint8Array, b: Uint8Array): number {
  const squares = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}
