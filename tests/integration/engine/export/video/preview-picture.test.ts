import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_VIDEO_EXPORT, type VideoExport } from '#contract/video-export.ts';
import { displayedFrame, previewPicture } from '#engine/export/video/preview-picture.ts';
import { writeAnnotatedVideo } from '#engine/export/video/write-annotated-video.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { ffmpeg, H264 } from '../../../../fixtures/bar-code-video.ts';
import { brightness } from '../../../../fixtures/brightness.ts';
import { markedAnalysis } from '../../../../fixtures/marked-analysis.ts';
import { temporaryFolder } from '../../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);

/** Frames that are 0.04 s apart, and once 0.6 s; an odd side, so that a column is lost. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const picture = 'gradients=size=481x256:rate=25:duration=2:c0=0x204060:c1=0xc0b080:speed=0.05:seed=3';
  const gap = ['-vf', "select='not(between(n,20,34))',crop=480:256:0:0", '-fps_mode', 'passthrough'];
  await ffmpeg(['-f', 'lavfi', '-i', picture, ...gap, ...H264, '-crf', '8', at('even.mp4')]);
  const odd = ['-vf', "select='not(between(n,20,34))'", '-fps_mode', 'passthrough', '-c:v', 'ffv1'];
  await ffmpeg(['-f', 'lavfi', '-i', picture, ...odd, '-pix_fmt', 'yuv444p', at('odd.mkv')]);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The first frame of the sampled two keeps the left half, the other one the right half. */
const keeps = ({ frame, column }: { frame: number; column: number }) => column < 2 === (frame === 0);

async function shown(name: string, options: VideoExport, seconds: number, longSide = 4096) {
  const video = await probeVideo(at(name));
  const { width, height } = video;
  const analysis = markedAnalysis({
    width,
    height,
    clipSeconds: 1,
    clips: 2,
    keeps,
    crops: ['left', 'center', 'right'],
  });
  const frame = await displayedFrame(video, seconds, new AbortController().signal);
  const preview = await previewPicture(video, analysis, frame, options, longSide);
  await writeFile(at('preview.png'), preview.picture);
  return { video, analysis, frame, preview, pixels: await brightness(at('preview.png'), 'null') };
}

/** Peak signal-to-noise ratio, in dB. */
function likeness(a: Uint8Array, b: Uint8Array): number {
  let squares = 0;
  for (const [i, value] of a.entries()) squares += (value - b[i]!) ** 2;
  return 10 * Math.log10((255 ** 2 * a.length) / Math.max(squares, 1e-9));
}

describe('the preview of an annotated video', () => {
  const { overlay } = DEFAULT_VIDEO_EXPORT;
  test.each<[string, string, VideoExport, readonly number[]]>([
    // In the gap the frame before it is still on screen.
    ['dims what was dropped', 'even.mp4', DEFAULT_VIDEO_EXPORT, [0.5, 1.1]],
    ['blends', 'even.mp4', { ...DEFAULT_VIDEO_EXPORT, between: 'blend' }, [0.44]],
    ['has the original beside it', 'even.mp4', { ...DEFAULT_VIDEO_EXPORT, sideBySide: true, legend: false }, [99]],
    [
      'loses what codecs do not take',
      'odd.mkv',
      { ...DEFAULT_VIDEO_EXPORT, overlay: { ...overlay, mode: 'heat' } },
      [1.7],
    ],
  ])('is a frame of it: it %s', async (_, name, options, moments) => {
    let written = false;
    for (const seconds of moments) {
      const { video, analysis, frame, preview, pixels } = await shown(name, options, seconds);
      if (!written) await writeAnnotatedVideo(video, analysis, at('out.mp4'), 'mp4', options);
      written = true;
      expect(frame.seconds).toBeLessThanOrEqual(seconds);
      const { width, height } = await probeVideo(at('out.mp4'));
      expect([preview.width, preview.height]).toEqual([width, height]);
      const found = await brightness(at('out.mp4'), `select='lt(abs(t-${frame.seconds}),0.005)'`);
      expect(found).toHaveLength(width * height);
      expect(likeness(found, pixels)).toBeGreaterThan(34);
      // Another moment is not like it: what is compared does change.
      const other = await brightness(at('out.mp4'), `select='lt(abs(t-${frame.seconds > 1 ? 0 : 1.8}),0.005)'`);
      expect(likeness(found, other)).toBeLessThan(30);
    }
  });

  test('is made smaller where it is asked for, and keeps its shape', async () => {
    const { preview, pixels } = await shown('even.mp4', DEFAULT_VIDEO_EXPORT, 0, 240);
    expect([preview.width, preview.height]).toEqual([480, 256]);
    expect(pixels).toHaveLength(240 * 128);
    const whole = await shown('even.mp4', DEFAULT_VIDEO_EXPORT, 0);
    const scaled = await (async () => {
      await writeFile(at('whole.png'), whole.preview.picture);
      return brightness(at('whole.png'), 'scale=240:128:flags=area');
    })();
    expect(likeness(scaled, pixels)).toBeGreaterThan(40);
  });
});
