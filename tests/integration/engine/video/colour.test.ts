import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { ffmpeg } from '../../../fixtures/bar-code-video.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** What `decodeClips` makes of the middle of a picture with one colour. */
async function middleOf(path: string): Promise<number[]> {
  const video = await probeVideo(path);
  const clips = planClips(video, { numFrames: 1, samplingRate: 1 });
  const [clip] = await Array.fromAsync(decodeClips(video, clips, { shortSide: 32 }));
  const { frames, width, height } = clip!;
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
  return [...frames.subarray(at, at + 3)];
}

/**
 * A video whose every pixel has the given code values, so that nothing but the tags says what they mean.
 *
 * @param planes Y, Cb, Cr (or G, B, R) as 8- or 10-bit values
 */
async function writeCodeValues(name: string, planes: readonly number[], format: string, tags: readonly string[]) {
  const path = join(folder.path, name);
  const [a, b, c] = planes;
  const source = `color=size=96x64:rate=25:duration=0.4,format=${format},geq=${a}:${b}:${c}`;
  const encode = ['-c:v', 'libx264', '-qp', '1', '-preset', 'ultrafast', '-pix_fmt', format];
  await ffmpeg(['-f', 'lavfi', '-i', source, ...encode, ...tags, path]);
  return path;
}

/** RGB of Y′CbCr code values, as the standard says (ITU-R BT.601, BT.709, BT.2020; limited or full range). */
function rgbOf([y, cb, cr]: readonly number[], kr: number, kb: number, full: boolean, bits = 8): number[] {
  const unit = 2 ** (bits - 8);
  const luma = full ? y! / (256 * unit - 1) : (y! - 16 * unit) / (219 * unit);
  const chroma = (value: number) => (value - 128 * unit) / (full ? 256 * unit - 1 : 224 * unit);
  const red = luma + 2 * (1 - kr) * chroma(cr!);
  const blue = luma + 2 * (1 - kb) * chroma(cb!);
  const green = (luma - kr * red - kb * blue) / (1 - kr - kb);
  return [red, green, blue].map((value) => Math.round(255 * Math.min(Math.max(value, 0), 1)));
}

const BT601 = [0.299, 0.114] as const;
const BT709 = [0.2126, 0.0722] as const;
const BT2020 = [0.2627, 0.0593] as const;

function tags(matrix: string, range: string): string[] {
  return ['-colorspace', matrix, '-color_primaries', matrix === 'bt2020nc' ? 'bt2020' : matrix, '-color_range', range];
}

function expectClose(actual: readonly number[], expected: readonly number[], within = 3): void {
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(within);
}

const CODES = [120, 100, 190] as const;

describe('colours come out as the file means them', () => {
  test('untagged: BT.601, limited range', async () => {
    expectClose(await middleOf(await writeCodeValues('601.mp4', CODES, 'yuv420p', [])), rgbOf(CODES, ...BT601, false));
  });

  test('BT.709, limited range', async () => {
    const path = await writeCodeValues('709.mp4', CODES, 'yuv420p', tags('bt709', 'tv'));
    expectClose(await middleOf(path), rgbOf(CODES, ...BT709, false));
  });

  test('BT.709, full range', async () => {
    const path = await writeCodeValues('709-full.mp4', CODES, 'yuv420p', tags('bt709', 'pc'));
    expectClose(await middleOf(path), rgbOf(CODES, ...BT709, true));
  });

  test('BT.2020 in 10 bits, limited range', async () => {
    const codes = [480, 400, 700];
    const path = await writeCodeValues('2020.mp4', codes, 'yuv420p10le', [
      ...tags('bt2020nc', 'tv'),
      '-color_trc',
      'bt2020-10',
    ]);
    expectClose(await middleOf(path), rgbOf(codes, ...BT2020, false, 10));
  });

  test.each([
    // BT.2100: 100 cd/m² is 51 % of a PQ signal and white at 203 cd/m² is 58 %; HLG white is 75 %.
    ['PQ', 'smpte2084', [0.2, 0.51, 0.58, 0.75]],
    ['HLG', 'arib-std-b67', [0.2, 0.5, 0.75, 0.95]],
  ])(
    '%s greys stay grey, rise with the signal, and white is bright but not clipped',
    async (name, transfer, signals) => {
      const greys: number[] = [];
      for (const signal of signals) {
        const codes = [Math.round(64 + 876 * signal), 512, 512];
        const colour = [...tags('bt2020nc', 'tv'), '-color_trc', transfer];
        const [red, green, blue] = await middleOf(
          await writeCodeValues(`${name}-${signal}.mp4`, codes, 'yuv420p10le', colour),
        );
        expect(Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!)).toBeLessThanOrEqual(3);
        greys.push(green!);
      }
      expect(greys).toEqual(greys.toSorted((a, b) => a - b));
      expect(greys[0]).toBeLessThan(80);
      expect(greys[2]).toBeGreaterThan(140);
      expect(greys[1]).toBeLessThan(greys[2]!);
      expect(greys[2]).toBeLessThan(greys[3]!);
    },
  );
});
