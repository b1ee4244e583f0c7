import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { motionClasses } from '../../../../native-models/motions/classes.ts';
import { type MotionClip, motionClip } from '../../../../native-models/motions/motion-clip.ts';

const run = promisify(execFile);
const options = { frames: 8, size: 64 };

const digest = ({ pixels, mask, label }: MotionClip) =>
  createHash('sha256').update(pixels).update(mask).update(String(label)).digest('hex');

describe('a clip', () => {
  test('has the shapes and ranges it says', () => {
    const { pixels, mask, label } = motionClip('train', 12, { frames: 5, size: 48 });
    expect(pixels).toHaveLength(5 * 48 * 48 * 3);
    expect(mask).toHaveLength(5 * 48 * 48);
    expect(new Set(mask)).toEqual(new Set([0, 1]));
    expect(motionClasses[label]).toBeDefined();
  });

  test('is the same whatever was drawn before it', () => {
    const first = digest(motionClip('train', 31, options));
    for (const index of [30, 2, 99]) motionClip('val', index, options);
    expect(digest(motionClip('train', 31, options))).toBe(first);
  });

  test('is the same in another process', async () => {
    const module = new URL('../../../../native-models/motions/motion-clip.ts', import.meta.url);
    const script = `
      import { createHash } from 'node:crypto';
      import { motionClip } from ${JSON.stringify(module.href)};
      const { pixels, mask, label } = motionClip('test', 7, ${JSON.stringify(options)});
      console.log(createHash('sha256').update(pixels).update(mask).update(String(label)).digest('hex'));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout.trim()).toBe(digest(motionClip('test', 7, options)));
  });

  test('differs from its neighbours and from the clip of the same index in other splits', () => {
    const clips = [motionClip('train', 5, options), motionClip('train', 6, options)];
    clips.push(motionClip('val', 5, options), motionClip('test', 5, options));
    expect(new Set(clips.map(digest)).size).toBe(4);
  });

  test('of few frames is made of frames of the scene, so a video of the same scene shows them too', () => {
    const video = motionClip('train', 8, { frames: 64, size: 32 });
    const clip = motionClip('train', 8, { frames: 8, size: 32 });
    const bytes = 32 * 32 * 3;
    // floor(linspace(0, 63, 8)), the Kinetics protocol for a video of 64 frames.
    for (const [i, frame] of [0, 9, 18, 27, 36, 45, 54, 63].entries()) {
      expect(clip.pixels.subarray(i * bytes, (i + 1) * bytes)).toEqual(
        video.pixels.subarray(frame * bytes, (frame + 1) * bytes),
      );
    }
  });

  test('moves: every clip changes inside of its figure', () => {
    for (let index = 0; index < motionClasses.length; index++) {
      const { mask } = motionClip('val', index, { frames: 8, size: 48 });
      const frames = Array.from({ length: 8 }, (_, i) => mask.subarray(i * 48 * 48, (i + 1) * 48 * 48));
      expect(new Set(frames.map((frame) => createHash('sha256').update(frame).digest('hex'))).size).toBeGreaterThan(3);
    }
  });

  test.each([-1, 0.5, 2 ** 28, Number.NaN])('with index %d does not exist', (index) => {
    expect(() => motionClip('train', index, options)).toThrow(RangeError);
  });

  test.each([
    { frames: 0, size: 64 },
    { frames: 65, size: 64 },
    { frames: 8, size: 0 },
    { frames: 8, size: 40.5 },
  ])('of $frames frames of $size pixels does not exist', (impossible) => {
    expect(() => motionClip('train', 0, impossible)).toThrow(RangeError);
  });
});
