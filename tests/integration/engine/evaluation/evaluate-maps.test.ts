import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Faithfulness, FaithfulnessEvent } from '#contract/faithfulness.ts';
import type { AnalysisEngine } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { openDataSet } from '#engine/evaluation/data-set/data-set.ts';
import { identityOf } from '#engine/evaluation/evaluate.ts';
import { evaluateMaps, type MapSettings } from '#engine/evaluation/faithfulness/evaluate-maps.ts';
import { judgeMaps } from '#engine/evaluation/faithfulness/judge-maps.ts';
import { MAP_JOURNAL } from '#engine/evaluation/faithfulness/map-journal.ts';
import { mapResult } from '#engine/evaluation/faithfulness/map-results.ts';
import { maskFolder, maskPath } from '#engine/evaluation/faithfulness/mask-files.ts';
import { maskOfView, readVideoMask } from '#engine/evaluation/faithfulness/video-mask.ts';
import { firstClips } from '#engine/evaluation/first-clips.ts';
import { Journal } from '#engine/evaluation/journal.ts';
import { writeMotions } from '#engine/motions/write-motions.ts';
import { viewTensor } from '#engine/video/views.ts';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import { sampledFrames } from '#native-models/motions/scene/clock.ts';
import { motionsBundle } from '../../../fixtures/motions-bundle.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let engine: AnalysisEngine & AsyncDisposable;
let list: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  const bundle = await motionsBundle(folder.path);
  engine = await openEngine(bundle, { device: 'cpu', precision: 'fp32', threads: 1 });
  const settings = { clips: { train: 0, val: 0, test: 3 }, size: 32, masks: true };
  [list = ''] = (await writeMotions(join(folder.path, 'set'), settings)).lists;
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const dataSetOf = (path: string) => openDataSet(path, { labels: engine.model.bundle.labels });

function reportOf(events: readonly FaithfulnessEvent[]): Faithfulness {
  const last = events.at(-1);
  if (last?.type !== 'done') throw new Error('judging did not end');
  return last.faithfulness;
}

test('masks of a written data set are those that were drawn', async () => {
  const data = await dataSetOf(list);
  const masks = await maskFolder(data);
  expect(masks).toBe(join(folder.path, 'set', 'masks'));
  const clip = { width: 32, height: 32, frameIndices: sampledFrames(4) };
  for (const [index, video] of data.videos.entries()) {
    const whole = await readVideoMask(maskPath(masks!, video)!, clip);
    expect(maskOfView(whole!, clip, [0, 0], 32)).toEqual(motionClip('test', index, { frames: 4, size: 32 }).mask);
  }
  const classes = await dataSetOf(join(folder.path, 'set', 'test'));
  const [first] = classes.videos;
  expect(await maskFolder(classes)).toBe(join(folder.path, 'set', 'masks', 'test'));
  expect(maskPath((await maskFolder(classes))!, first!)).toMatch(/masks\/test\/[a-z-]+\/00000\d\.png$/);
});

test('every video is judged like its view alone, and means are over the videos', async () => {
  const data = await dataSetOf(list);
  const settings: MapSettings = { maps: ['interpreter', 'frame-difference'], masks: await maskFolder(data) };
  const report = reportOf(await Array.fromAsync(evaluateMaps(data, settings, engine)));
  expect(report).toMatchObject({ videos: 3, failures: [], model: { name: 'motions-random', trained: false } });
  expect(report.perVideo.map(({ label }) => label)).toEqual(data.videos.map(({ label }) => label));
  for (const { map, deletion, insertion, agreement } of report.maps) {
    const each = report.perVideo.map((video) => video.maps.find((one) => one.map === map)!);
    const mean = (of: (one: (typeof each)[number]) => number) => each.reduce((sum, one) => sum + of(one), 0) / 3;
    expect(deletion.zero).toBeCloseTo(
      mean((one) => one.deletion.zero),
      9,
    );
    expect(insertion.blur).toBeCloseTo(
      mean((one) => one.insertion.blur),
      9,
    );
    expect(agreement!.averagePrecision).toBeCloseTo(
      mean((one) => one.averagePrecision!),
      9,
    );
    expect(agreement!.views).toBe(3);
  }
  const { numFrames, samplingRate } = engine.model.bundle.manifest.sampling!;
  for await (const clip of firstClips(data.videos.slice(0, 1), { numFrames, samplingRate }, 32)) {
    if ('failure' in clip) throw new Error(clip.failure.error.message);
    const pixels = viewTensor(clip.decoded, [0, 0], 32, engine.model.bundle.manifest.preprocessing);
    const { mask } = motionClip('test', 0, { frames: 4, size: 32 });
    const alone = await judgeMaps(engine.model, { pixels, mask, stream: 0 }, { maps: settings.maps, curves: true });
    for (const { map, averagePrecision, deletion } of report.perVideo[0]!.maps) {
      const { areas, agreement } = mapResult([alone.maps.get(map as 'interpreter')!]);
      expect(averagePrecision).toBeCloseTo(agreement!.averagePrecision!, 9);
      expect(deletion.zero).toBeCloseTo(areas!.deletion.zero, 9);
    }
  }
});

test('a video or a mask that is broken is a failure with its reason, and the others are judged', async () => {
  const data = await dataSetOf(list);
  const [first, second] = data.videos;
  const masks = (await maskFolder(data))!;
  const mask = maskPath(masks, second!)!;
  await rename(first!.path, `${first!.path}.kept`);
  await rename(mask, `${mask}.kept`);
  try {
    await writeFile(first!.path, 'no video');
    await writeFile(mask, await readFile(`${mask}.kept`).then((bytes) => bytes.subarray(0, 64)));
    const report = reportOf(await Array.fromAsync(evaluateMaps(data, { maps: ['random'], masks }, engine)));
    expect(report.failures.map(({ path, error }) => [path, error.code])).toEqual([
      [first!.path, 'not-a-video'],
      [second!.path, 'data-set-invalid'],
    ]);
    expect(report.perVideo).toHaveLength(1);
    expect(report.maps[0]!.agreement!.views).toBe(1);
  } finally {
    await rename(`${first!.path}.kept`, first!.path);
    await rename(`${mask}.kept`, mask);
  }
});

test('judging goes on where it was, with the same document as an unbroken one', async () => {
  const data = await dataSetOf(list);
  const settings: MapSettings = { maps: ['saliency', 'random'], masks: null };
  const path = join(folder.path, 'run.progress');
  const open = () => Journal.open(path, identityOf(data, settings, engine), MAP_JOURNAL);
  {
    await using journal = await open();
    for await (const event of evaluateMaps(data, settings, engine, { journal })) if (event.type === 'progress') break;
  }
  await using journal = await open();
  expect(journal.judged.map(({ video }) => video)).toEqual([0]);
  const events = await Array.fromAsync(evaluateMaps(data, settings, engine, { journal }));
  expect(events[0]).toEqual({ type: 'start', start: { videos: 3, resumed: 1 } });
  const report = reportOf(events);
  expect(report).toEqual(reportOf(await Array.fromAsync(evaluateMaps(data, settings, engine))));
  expect(report.maps.map(({ agreement }) => agreement)).toEqual([null, null]);
});
