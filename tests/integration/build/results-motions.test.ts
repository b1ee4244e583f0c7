import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostProbable, softmax } from '#engine/analysis/predictions.ts';
import { averagePrecision } from '#engine/evaluation/faithfulness/mask-agreement.ts';
import { pixelMap } from '#engine/evaluation/faithfulness/pixel-map.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import { sampledFrames } from '#native-models/motions/scene/clock.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { type ResultOf, resultSchema, type TableName } from '../../../build/results-motions/document.ts';
import { type Measuring, measuringOf, SESSIONS } from '../../../build/results-motions/measuring.ts';
import { runMotionsTables } from '../../../build/results-motions/run-motions-tables.ts';
import { TABLE_NAMES } from '../../../build/results-motions/tables.ts';
import { viewOf } from '../../../build/results-motions/test-clips.ts';
import { tinyBundle } from '../../fixtures/analysis.ts';
import { motionsBundle, singleFrameBundle } from '../../fixtures/motions-bundle.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const CLIPS = 36;
const TOKENS = 64;
const EXTENT = { clips: CLIPS, curveClips: 2, steps: 2, batch: 3, learningRate: 3e-3 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runtime: InferenceRuntime;
let bundle: Bundle;
let singleFrame: Bundle;
let worked: string[];
beforeAll(async () => {
  folder = await temporaryFolder();
  bundle = await motionsBundle(folder.path);
  singleFrame = await singleFrameBundle(folder.path);
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1, sessions: SESSIONS });
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function measuring(changed: Partial<Measuring> = {}, of = bundle): Measuring {
  const rest = {
    ...EXTENT,
    singleFrame,
    cache: join(folder.path, 'cache'),
    onProgress: (work: string) => void worked.push(work),
  };
  return measuringOf(of, runtime, { ...rest, ...changed });
}

/** Measures tables, and gives what was said of each. */
async function run(
  tables: readonly TableName[],
  out: string,
  changed: Partial<Measuring> = {},
  again = false,
  of = bundle,
) {
  worked = [];
  return Array.fromAsync(runMotionsTables({ measuring: measuring(changed, of), tables, out, again, threads: 1 }));
}

async function read<Name extends TableName>(out: string, table: Name): Promise<ResultOf<Name>> {
  const result = resultSchema.parse(JSON.parse(await readFile(join(out, `${table}.json`), 'utf8')));
  if (result.table !== table) throw new Error(`${result.table} instead of ${table}`);
  return result as ResultOf<Name>;
}

/** What the model makes of the test clips, computed here. */
async function answers() {
  const model = new VideoModel(bundle, runtime);
  const { mean, std } = bundle.manifest.preprocessing;
  const plane = 4 * 32 * 32;
  return await Array.fromAsync({ length: CLIPS }, async (_, index) => {
    const { pixels, label, mask } = motionClip('test', index, { frames: 4, size: 32 });
    const view = Float32Array.from({ length: 3 * plane }, (_, i) => {
      const channel = Math.floor(i / plane);
      return (pixels[3 * (i % plane) + channel]! / 255 - mean[channel]!) / std[channel]!;
    });
    const embedded = await model.embed(view);
    const classOf = async (kept: Uint32Array | null) => {
      const probabilities = [...softmax(await model.classify(embedded, kept))];
      return probabilities.indexOf(Math.max(...probabilities));
    };
    return { label, mask, scores: embedded.scores!, classOf };
  });
}

const errorOf = (right: readonly boolean[]) => right.filter((is) => !is).length / right.length;

describe('all tables of a bundle', () => {
  let out: string;
  beforeAll(async () => {
    out = join(folder.path, 'results');
    const finished = await run(TABLE_NAMES, out);
    expect(finished.map(({ table, kept }) => [table, kept])).toEqual(TABLE_NAMES.map((table) => [table, false]));
  }, 240_000);

  test('are a document and a picture each, which say where they come from', async () => {
    expect((await readdir(out)).sort()).toEqual(TABLE_NAMES.flatMap((name) => [`${name}.json`, `${name}.svg`]).sort());
    for (const table of TABLE_NAMES) {
      const { provenance, formatVersion } = await read(out, table);
      expect(formatVersion).toBe(1);
      expect(provenance).toMatchObject({
        bundle: { name: 'motions-random', weightsSha256: bundle.manifest.weights.sha256, trained: false },
        dataSet: { name: 'motions', split: 'test', clips: CLIPS },
        device: { used: 'cpu', precision: 'fp32', threads: 1 },
        command: expect.stringContaining(`results:motions -- motions-random ${table} --clips 36`),
      });
      expect(provenance.seeds.length).toBeGreaterThan(0);
      expect(JSON.stringify(provenance)).not.toContain(folder.path);
      const picture = await readFile(join(out, `${table}.svg`), 'utf8');
      expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*36 clips of Motions.*<\/svg>\n$/s);
      expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test('thresholds: errors and keep ratios are those of the model, clip by clip', async () => {
    const { full, rows } = await read(out, 'thresholds');
    const clips = await answers();
    const right = await Promise.all(clips.map(async ({ classOf, label }) => (await classOf(null)) === label));
    expect(full.error).toBeCloseTo(errorOf(right), 5);
    expect(full.keepRatio).toBe(1);
    const { threshold, error, keepRatio, gmacs } = rows.find((row) => row.threshold === 0.48)!;
    const keptOf = (scores: Float32Array) =>
      Uint32Array.from([...scores.keys()].filter((token) => scores[token]! > threshold));
    const selected = await Promise.all(
      clips.map(async ({ classOf, scores, label }) => (await classOf(keptOf(scores))) === label),
    );
    expect(error).toBeCloseTo(errorOf(selected), 5);
    const kept = clips.reduce((sum, { scores }) => sum + keptOf(scores).length, 0);
    expect(keepRatio).toBeCloseTo(kept / (CLIPS * TOKENS), 5);
    const model = new VideoModel(bundle, runtime);
    const costs = clips.map(({ scores }) => model.cost(keptOf(scores), true).total);
    expect(gmacs / (costs.reduce((sum, cost) => sum + cost, 0) / CLIPS)).toBeCloseTo(1, 4);
    expect(rows.map((row) => row.keepRatio)).toEqual(rows.map((row) => row.keepRatio).sort((a, b) => b - a));
  });

  test('random: both keep as many patches, and the gap is between their errors', async () => {
    const { rows } = await read(out, 'random');
    expect(rows.map(({ keep }) => keep)).toEqual([0.5, 0.35, 0.2]);
    for (const { keep, learned, random, randomMean, gap } of rows) {
      expect(learned.keepRatio).toBeCloseTo(Math.round(keep * TOKENS) / TOKENS, 5);
      expect(random.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
      expect(randomMean).toBeCloseTo(random.reduce((sum, { error }) => sum + error, 0) / 4, 5);
      expect(gap).toBeCloseTo(randomMean - learned.error, 5);
    }
    expect(new Set(rows.flatMap(({ random }) => random.map(({ error }) => error))).size).toBeGreaterThan(1);
  });

  test('video: clip-1 is the view of the other tables, and speed-up is of times that were measured', async () => {
    const { full, selected, random, speedUp, viewFrames } = await read(out, 'video');
    const thresholds = await read(out, 'thresholds');
    expect(full.clip1Error).toBe(thresholds.full.error);
    expect(selected.clip1Error).toBe(thresholds.rows.find(({ threshold }) => threshold === 0.5)!.error);
    expect(random.keepRatio).toBeCloseTo(selected.keepRatio, 5);
    expect(random.gmacs).toBeLessThan(selected.gmacs);
    expect(viewFrames[0]).toEqual(sampledFrames(4));
    expect(speedUp.pairs).toBe(CLIPS * viewFrames.length);
    expect(speedUp.total).toBeCloseTo(selected.viewsPerSecond / full.viewsPerSecond, 3);
  });

  test('masks: the interpreter is judged by its scores against what was drawn', async () => {
    const { maps, foreground, curveClips } = await read(out, 'masks');
    expect(maps.map(({ map }) => map)).toEqual([
      'interpreter',
      'random',
      'frame-difference',
      'saliency',
      'attention-rollout',
    ]);
    const clips = await answers();
    const precisions = clips.map(({ scores, mask }) => averagePrecision(pixelMap(scores, 4, 32), mask)!);
    expect(maps[0]!.averagePrecision).toBeCloseTo(precisions.reduce((sum, one) => sum + one, 0) / CLIPS, 4);
    const covered = clips.map(({ mask }) => mask.filter((pixel) => pixel === 1).length / mask.length);
    expect(foreground).toBeCloseTo(covered.reduce((sum, one) => sum + one, 0) / CLIPS, 4);
    expect(curveClips).toBe(2);
  });

  test('single-frame: the clip is what the full model makes of it', async () => {
    const { clip, classes, chance } = await read(out, 'single-frame');
    expect(clip).toBeCloseTo(1 - (await read(out, 'thresholds')).full.error, 5);
    expect(classes).toHaveLength(18);
    expect(chance).toBeCloseTo(1 / 18, 5);
    expect(classes.reduce((sum, row) => sum + row.clip, 0) / 18).toBeCloseTo(clip, 5);
  });

  test('single-frame: beside a model that learnt single frames, which sees the middle ones', async () => {
    const { trainedOnOneFrame: trained, provenance } = await read(out, 'single-frame');
    expect(trained).toMatchObject({ name: 'motions-one-frame', weightsSha256: singleFrame.manifest.weights.sha256 });
    expect(provenance.command).toContain('--single-frame motions-one-frame');
    const model = new VideoModel(singleFrame, runtime);
    let right = 0;
    for (let index = 0; index < CLIPS; index++) {
      const { pixels, label } = motionClip('test', index, { frames: 1, size: 32 });
      const logits = await model.classify(await model.embed(viewOf(model, pixels)), null);
      right += Number(mostProbable(softmax(logits)) === label);
    }
    expect(trained!.accuracy).toBeCloseTo(right / CLIPS, 5);
    expect(trained!.classes.reduce((sum, share) => sum + share, 0) / 18).toBeCloseTo(right / CLIPS, 5);
    expect(await readFile(join(out, 'single-frame.svg'), 'utf8')).toContain('trained on one frame');
    expect(() => measuring({ singleFrame: bundle })).toThrow('sees 4 frames');
  });

  test('rewards, gumbel and interpreters: every training says that it is short', async () => {
    const rewards = await read(out, 'rewards');
    expect(rewards.rows.map(({ shape, tau }) => [shape, tau])).toEqual(
      (['squared', 'linear'] as const).flatMap((shape) => [0.5, 1, 1.5].map((tau) => [shape, tau])),
    );
    const gumbel = await read(out, 'gumbel');
    expect(gumbel.rows.map(({ estimator }) => estimator)).toEqual(['reinforce', 'gumbel']);
    const interpreters = await read(out, 'interpreters');
    expect(interpreters.rows.map(({ interpreter }) => interpreter)).toEqual(['token', 'motion-aware']);
    const [token, motion] = interpreters.rows;
    expect(token!.averagePrecision).not.toBe(motion!.averagePrecision);
    for (const { training, full } of [rewards, gumbel, interpreters]) {
      expect(training).toMatchObject({ short: true, steps: 2, batch: 3 });
      expect(full.error).toBe((await read(out, 'thresholds')).full.error);
    }
    // Interpreters of their own, and not the bundle's.
    const own = (await read(out, 'thresholds')).rows.find(({ threshold }) => threshold === 0.5)!;
    for (const { keepRatio } of rewards.rows) expect(keepRatio).not.toBe(own.keepRatio);
  });

  test('that are there are left alone, and their pictures are drawn anew', async () => {
    const before = await readFile(join(out, 'random.json'), 'utf8');
    await writeFile(join(out, 'random.svg'), 'an old picture');
    expect(await run(['random'], out)).toMatchObject([{ table: 'random', kept: true }]);
    expect(worked).toEqual([]);
    expect(await readFile(join(out, 'random.json'), 'utf8')).toBe(before);
    expect(await readFile(join(out, 'random.svg'), 'utf8')).toMatch(/^<svg/);
  });

  test('trainings that were finished are not done again', async () => {
    expect(await run(['gumbel'], out, {}, true)).toMatchObject([{ kept: false }]);
    expect(worked.filter((work) => work.startsWith('training'))).toEqual([]);
    expect(worked).toContain('judging gumbel');
  });
});

describe('a table', () => {
  const small = { clips: 2 };

  test('of other weights, other clips or another version is measured anew', async () => {
    const out = join(folder.path, 'changing');
    const kept = async (changed: Partial<Measuring>, of = bundle) =>
      (await run(['single-frame'], out, changed, false, of))[0]!.kept;
    expect(await kept(small)).toBe(false);
    expect(await kept(small)).toBe(true);
    expect(await kept({ clips: 3 })).toBe(false);
    const other = await motionsBundle(folder.path, 'motions-other', 2);
    expect(await kept({ clips: 3 }, other)).toBe(false);
    expect(await kept({ clips: 3 }, other)).toBe(true);
    expect(await kept({ clips: 3, singleFrame: await singleFrameBundle(folder.path, 3) }, other)).toBe(false);
    await writeFile(join(out, 'single-frame.json'), '{ "formatVersion": 0 }');
    expect(await kept({ clips: 3 }, other)).toBe(false);
    expect(await kept({ clips: 3 }, other)).toBe(true);
  });

  test('that is interrupted leaves nothing, and those before it stay', async () => {
    const out = join(folder.path, 'interrupted');
    const stop = new AbortController();
    const onProgress = (work: string) => void (work === 'score maps' && stop.abort(new Error('enough')));
    await expect(
      run(['single-frame', 'masks'], out, { ...small, curveClips: 1, signal: stop.signal, onProgress }),
    ).rejects.toThrow('enough');
    expect((await readdir(out)).sort()).toEqual(['single-frame.json', 'single-frame.svg']);
  });

  test('goes where it can be written, or says that it cannot', async () => {
    const file = join(folder.path, 'a-file');
    await writeFile(file, '');
    await expect(run(['random'], file, small)).rejects.toMatchObject({ code: 'file-unwritable' });
    expect((await stat(file)).size).toBe(0);
  });

  test('is of models of Motions with an interpreter', async () => {
    const foreign = await tinyBundle();
    expect(() => measuring({}, foreign)).toThrow('its classes are others');
    const plain = { ...bundle, manifest: { ...bundle.manifest, selection: null } };
    expect(() => measuring({}, plain)).toThrow('has no interpreter');
  });
});
