import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { maskOfView, readVideoMask } from '#engine/evaluation/faithfulness/video-mask.ts';
import { encodePng } from '#engine/motions/png.ts';
import { temporaryFolder } from '../../../../fixtures/temporary-folder.ts';

describe('the mask of a view', () => {
  /** Two frames of 4×2; in frame n only column n is foreground. */
  const mask = {
    path: 'mask.png',
    width: 4,
    height: 2,
    pixels: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, /**/ 0, 255, 0, 0, 0, 255, 0, 0),
  };

  test('is what lies in the crop, of the frames that the clip shows', () => {
    const clip = { width: 4, height: 2, frameIndices: [1, 0, 1] };
    expect([...maskOfView(mask, clip, [0, 0], 2)]).toEqual([0, 1, 0, 1, /**/ 1, 0, 1, 0, /**/ 0, 1, 0, 1]);
    expect([...maskOfView(mask, clip, [1, 0], 2)]).toEqual([1, 0, 1, 0, /**/ 0, 0, 0, 0, /**/ 1, 0, 1, 0]);
  });

  test('follows the scale of the frames', () => {
    const clip = { width: 8, height: 4, frameIndices: [1] };
    const row = [1, 1, 0, 0];
    expect([...maskOfView(mask, clip, [2, 0], 4)]).toEqual([...row, ...row, ...row, ...row]);
  });

  test('is refused where the video shows frames that have none', () => {
    expect(() => maskOfView(mask, { width: 4, height: 2, frameIndices: [2] }, [0, 0], 2)).toThrow(
      expect.objectContaining({ code: 'data-set-invalid', message: expect.stringContaining('2 frames') }),
    );
  });
});

describe('reading masks', () => {
  const video = { width: 9, height: 2 };
  const stripes = Uint8Array.from({ length: 9 * 6 }, (_, i) => (i % 3 === 0 ? 1 : 0));

  test('gives back what was written', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'stripes.png');
    await writeFile(path, encodePng('mask', stripes, 9, 6));
    const mask = await readVideoMask(path, video);
    expect(mask).toMatchObject({ width: 9, height: 2 });
    expect([...mask!.pixels].map((grey) => (grey >= 128 ? 1 : 0))).toEqual([...stripes]);
  });

  test('finds none where there is no file', async () => {
    await using folder = await temporaryFolder();
    expect(await readVideoMask(join(folder.path, 'none.png'), video)).toBeNull();
    expect(await readVideoMask(folder.path, video)).toBeNull();
  });

  test.each([
    ['no picture', Buffer.from('no picture at all, but long enough for a head'), 'is no PNG'],
    ['of another width', encodePng('mask', stripes, 6, 9), 'is 6×9 pixels, which are no masks of 9×2 frames'],
    ['of part of a frame', encodePng('mask', stripes.slice(0, 45), 9, 5), 'no masks of 9×2 frames'],
    ['cut off', encodePng('mask', stripes, 9, 6).subarray(0, 30), 'cannot be decoded'],
    ['a bomb', encodePng('mask', new Uint8Array(9), 9, 1).fill(0x7f, 16, 24), 'pixels, which are no masks'],
  ])('refuses one that is %s', async (_, bytes, complaint) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'mask.png');
    await writeFile(path, bytes);
    await expect(readVideoMask(path, video)).rejects.toMatchObject({
      code: 'data-set-invalid',
      message: expect.stringContaining(complaint),
    });
  });
});
