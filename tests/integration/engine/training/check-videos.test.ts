import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckedVideos, checkVideos } from '#engine/training/check-videos.ts';
import { DecodedClips } from '#engine/training/decoded-clips.ts';
import { KeptFindings } from '#engine/training/kept-findings.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { writeDataSet } from '../../../fixtures/data-set.ts';

let made: Awaited<ReturnType<typeof writeDataSet>>;
let kept: string;
beforeAll(async () => {
  made = await writeDataSet([0, 0]);
  kept = join(made.folder, 'videos.jsonl');
  await writeFile(join(made.folder, 'corrupt.mp4'), 'no video');
});
afterAll(() => made[Symbol.asyncDispose]());

/** Looks into the videos; tells what was decoded for that. */
async function check(names: readonly string[]): Promise<CheckedVideos & { readonly decodedBytes: number }> {
  await using findings = await KeptFindings.open(kept);
  const decoded = new DecodedClips({ timing: { numFrames: 2, samplingRate: 4 }, mostBytes: 1e9 });
  const videos = names.map((name, index) => ({ index, path: join(made.folder, name), name, label: null }));
  const checked = await checkVideos(videos, { decoded, shortSide: 36, findings, decoders: 2 });
  return { ...checked, decodedBytes: decoded.bytes };
}

describe('looking into videos before training', () => {
  it('finds those that can be decoded, numbers them anew, and says what is wrong with the others', async () => {
    const { usable, bad, decodedBytes } = await check(['video 0.mp4', 'corrupt.mp4', 'video 1.mp4']);
    expect(usable.map(({ index, name }) => [index, name])).toEqual([
      [0, 'video 0.mp4'],
      [1, 'video 1.mp4'],
    ]);
    expect(usable[0]!.info).toEqual(await probeVideo(join(made.folder, 'video 0.mp4')));
    expect(bad).toEqual([expect.stringContaining('corrupt.mp4 is not a video')]);
    expect(decodedBytes).toBeGreaterThan(0);
  });

  it('does it once', async () => {
    const again = await check(['video 0.mp4', 'corrupt.mp4', 'video 1.mp4']);
    expect(again).toMatchObject({ usable: [{}, {}], bad: [expect.stringContaining('corrupt.mp4')], decodedBytes: 0 });
  });

  it('looks again into a file that has changed, and after half a line', async () => {
    await copyFile(join(made.folder, 'video 0.mp4'), join(made.folder, 'corrupt.mp4'));
    const lines = (await readFile(kept, 'utf8')).split('\n');
    await writeFile(kept, `${lines.slice(0, 2).join('\n')}\n{"path":"/half`);
    expect((await check(['corrupt.mp4'])).usable).toHaveLength(1);
    await appendFile(kept, '');
    expect(await check(['corrupt.mp4'])).toMatchObject({ usable: [{}], decodedBytes: 0 });
  });
});
