import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UndecodableVideoError } from '#contract/errors.ts';
import { analysedClips, analysisViews } from '#engine/training/analysis-views.ts';
import { type ClipRange, clipRanges } from '#engine/training/clip-range.ts';
import { DecodedClips } from '#engine/training/decoded-clips.ts';
import { TrainingClips, type TrainingClipsOptions } from '#engine/training/training-clips.ts';
import type { CheckedVideo } from '#engine/training/training-video.ts';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { cropOrigins, viewTensor } from '#engine/video/views.ts';
import { writeDataSet } from '../../../fixtures/data-set.ts';

const TIMING = { numFrames: 2, samplingRate: 6 };
const SIZE = 32;
const PREPROCESSING = { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] } as const;
const VIEW = 3 * TIMING.numFrames * SIZE ** 2;

let made: Awaited<ReturnType<typeof writeDataSet>>;
let videos: readonly CheckedVideo[];
let ranges: readonly ClipRange[];
beforeAll(async () => {
  made = await writeDataSet([0, 1, 2, 0, 1]);
  videos = await Promise.all(
    made.names.map(async (name, index) => {
      const path = join(made.folder, name);
      return { index, path, name, label: index % 3, info: await probeVideo(path) };
    }),
  );
  ranges = clipRanges(videos, TIMING);
});
afterAll(() => made[Symbol.asyncDispose]());

const decoding = (mostBytes = 1e9) => new DecodedClips({ timing: TIMING, mostBytes });
const source = (options: Partial<TrainingClipsOptions> = {}) =>
  new TrainingClips({
    ranges,
    decoded: decoding(),
    view: { size: SIZE, preprocessing: PREPROCESSING, flip: true },
    batchSize: 4,
    seed: 1,
    decoders: 2,
    onBad: (_, thrown) => {
      throw thrown;
    },
    ...options,
  });

describe('training clips of videos', () => {
  it('are the same for the same number of batch, wherever one begins to ask and whatever is in memory', async () => {
    await using straight = source();
    const all = [await straight.batch(0), await straight.batch(1), await straight.batch(2)];
    await using resumed = source({ decoded: decoding(0), decoders: 1 });
    expect(await resumed.batch(2)).toEqual(all[2]);
    expect(await resumed.batch(0)).toEqual(all[0]);
    expect(resumed.identity).toEqual(straight.identity);
  });

  it('are different from batch to batch, and with another seed', async () => {
    await using one = source();
    await using other = source({ seed: 2 });
    const [first, second] = [await one.batch(0), await one.batch(5)];
    expect(first.clips).toHaveLength(4 * VIEW);
    expect(second.clips).not.toEqual(first.clips);
    expect((await other.batch(0)).clips).not.toEqual(first.clips);
    expect(other.identity).not.toEqual(one.identity);
  });

  it('show every video once an epoch, with its class', async () => {
    await using clips = source({ batchSize: 5 });
    const { labels } = await clips.batch(3);
    expect([...labels!].sort()).toEqual([0, 0, 1, 1, 2]);
  });

  it('have no classes where one is missing', async () => {
    const unlabelled = ranges.map((range, i) =>
      i === 1 ? { ...range, video: { ...range.video, label: null } } : range,
    );
    await using clips = source({ ranges: unlabelled, batchSize: 5 });
    expect((await clips.batch(0)).labels).toBeNull();
  });

  it('have the next one in the place of one that cannot be decoded, or stop there', async () => {
    const corrupt = join(made.folder, 'corrupt.mp4');
    await writeFile(corrupt, 'no video');
    const broken = { ...videos[0]!, path: corrupt, info: { ...videos[0]!.info, path: corrupt } };
    const some = [{ ...ranges[0]!, video: broken }, ...ranges.slice(1)];
    const bad: string[] = [];
    await using passing = source({ ranges: some, batchSize: 5, onBad: ({ video }) => void bad.push(video.path) });
    await using again = source({ ranges: some, batchSize: 5, onBad: () => {} });
    const batch = await passing.batch(0);
    expect([...batch.labels!].sort()).toEqual([0, 1, 1, 1, 2]);
    expect(await again.batch(0)).toEqual(batch);
    expect(bad).toContain(corrupt);
    await using stopping = source({ ranges: some, batchSize: 5 });
    await expect(stopping.batch(0)).rejects.toThrow(UndecodableVideoError);
  });

  it('end with the signal', async () => {
    const cancel = new AbortController();
    const decoded = new DecodedClips({ timing: TIMING, mostBytes: 0, signal: cancel.signal });
    await using clips = source({ decoded, signal: cancel.signal });
    const batch = clips.batch(0);
    cancel.abort(new Error('enough'));
    await expect(batch).rejects.toThrow('enough');
  });
});

describe('decoded clips', () => {
  it('are kept while there is room, those that were used last', async () => {
    const bytesOf = 2 * 36 * 48 * 3;
    const decoded = decoding(2.5 * bytesOf);
    const wanted = { startSeconds: 0, shortSide: 36 };
    // All made 4:3, so that they take the same room.
    const infos = videos.map(({ info }) => ({ ...info, width: 192, height: 144 }));
    const first = await decoded.decode({ ...wanted, info: infos[0]! });
    expect(first.frames).toHaveLength(bytesOf);
    await decoded.decode({ ...wanted, info: infos[1]! });
    expect(await decoded.decode({ ...wanted, info: infos[0]! })).toBe(first);
    const third = await decoded.decode({ ...wanted, info: infos[2]! });
    expect(decoded.bytes).toBe(2 * bytesOf);
    expect(await decoded.decode({ ...wanted, info: infos[2]! })).toBe(third);
    expect(await decoded.decode({ ...wanted, info: infos[0]! })).toBe(first);
    await decoded.decode({ ...wanted, info: infos[3]! });
    expect(decoded.bytes).toBe(2 * bytesOf);
    expect(await decoded.decode({ ...wanted, info: infos[2]! })).not.toBe(third);
  });
});

describe('views that judge', () => {
  it('are the centre crops that an analysis sees, and the last batch is filled up', async () => {
    const clips = analysedClips(videos, TIMING, 100);
    expect(clips.map(({ startSeconds }) => startSeconds)).toEqual([0, 0, 0, 0, 0]);
    const options = { clips, decoded: decoding(), size: SIZE, preprocessing: PREPROCESSING, batchSize: 3, decoders: 2 };
    const batches = await Array.fromAsync(analysisViews({ ...options, onBad: () => {} }));
    expect(batches.map(({ count }) => count)).toEqual([3, 2]);
    expect(batches[1]!.labels!.slice(0, 2)).toEqual(Uint32Array.of(0, 1));
    const { info } = videos[4]!;
    const [plan] = planClips(info, TIMING);
    for await (const stack of decodeClips(info, [plan!], { shortSide: SIZE })) {
      const [, centre] = cropOrigins(stack.width, stack.height, SIZE);
      const expected = viewTensor(stack, centre.origin, SIZE, PREPROCESSING);
      expect(batches[1]!.clips.slice(VIEW, 2 * VIEW)).toEqual(expected);
    }
    expect(batches[1]!.clips.slice(2 * VIEW).every((value) => value === 0)).toBe(true);
  });

  it('are all clips of unlabelled videos, or every so many of them', () => {
    const unlabelled = videos.map((video) => ({ ...video, label: null, info: { ...video.info, durationSeconds: 4 } }));
    const all = analysedClips(unlabelled, TIMING, 1000);
    expect(all).toHaveLength(5 * 10);
    const some = analysedClips(unlabelled, TIMING, 10);
    expect(some.map(({ video: { index } }) => index)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it('leave out what cannot be decoded', async () => {
    const corrupt = join(made.folder, 'corrupt.mp4');
    await writeFile(corrupt, 'no video');
    const [first, second] = analysedClips(videos, TIMING, 2);
    const broken = { ...first!, video: { ...first!.video, info: { ...first!.video.info, path: corrupt } } };
    const options = { decoded: decoding(), size: SIZE, preprocessing: PREPROCESSING, batchSize: 2, decoders: 2 };
    const bad: unknown[] = [];
    const batches = await Array.fromAsync(
      analysisViews({ ...options, clips: [broken, second!], onBad: (clip) => void bad.push(clip) }),
    );
    expect(batches.map(({ count, labels }) => [count, labels![0]])).toEqual([[1, second!.video.label]]);
    expect(bad).toEqual([broken]);
  });
});
