import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { shapeImage } from '#native-models/shapes/shape-image.ts';
import { type ResultOf, resultSchema, type TableName } from '../../../build/results-shapes/document.ts';
import { type Measuring, measuringOf } from '../../../build/results-shapes/measuring.ts';
import { runShapesTables } from '../../../build/results-shapes/run-shapes-tables.ts';
import { TABLE_NAMES } from '../../../build/results-shapes/tables.ts';
import { shapesBundle, shapesPeer } from '../../fixtures/shapes-bundle.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const IMAGES = 24;
const TOKENS = 16;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runtime: InferenceRuntime;
let bundle: Bundle;
let measuring: Measuring;
let out: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  bundle = await shapesBundle(folder.path);
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1, sessions: 12 });
  const peers = [await shapesPeer(folder.path)];
  const extent = { images: IMAGES, steps: 1, batch: 4, learningRate: 3e-3 };
  measuring = measuringOf(bundle, runtime, { ...extent, peers, cache: join(folder.path, 'cache'), onProgress() {} });
  out = join(folder.path, 'results');
  const finished = await run();
  expect(finished.map(({ table, kept }) => [table, kept])).toEqual(TABLE_NAMES.map((table) => [table, false]));
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function run(of = measuring) {
  return Array.fromAsync(runShapesTables({ measuring: of, tables: TABLE_NAMES, out, again: false, threads: 1 }));
}

async function read<Name extends TableName>(table: Name): Promise<ResultOf<Name>> {
  const result = resultSchema.parse(JSON.parse(await readFile(join(out, `${table}.json`), 'utf8')));
  if (result.table !== table) throw new Error(`${result.table} instead of ${table}`);
  return result as ResultOf<Name>;
}

describe('the tables of a model of Shapes', () => {
  it('are a document and a picture each, which say where they come from', async () => {
    expect((await readdir(out)).sort()).toEqual(TABLE_NAMES.flatMap((name) => [`${name}.json`, `${name}.svg`]).sort());
    for (const table of TABLE_NAMES) {
      const { provenance } = await read(table);
      expect(provenance).toMatchObject({
        bundle: { name: 'shapes-random', weightsSha256: bundle.manifest.weights.sha256, trained: false },
        dataSet: { name: 'shapes', split: 'test', clips: IMAGES },
        command: expect.stringContaining(`results:shapes -- shapes-random ${table} --images ${IMAGES}`),
      });
      const picture = await readFile(join(out, `${table}.svg`), 'utf8');
      expect(picture).toMatch(/^<svg .*24 images of Shapes.*<\/svg>\n$/s);
      expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('are measured once', async () => {
    expect((await run()).every(({ kept }) => kept)).toBe(true);
  });

  it('thresholds: the full model is judged as it answers, and higher thresholds keep less in every group', async () => {
    const { full, rows } = await read('thresholds');
    const model = new ImageModel(bundle, runtime);
    const { mean, std } = bundle.manifest.preprocessing;
    let wrong = 0;
    for (let index = 0; index < IMAGES; index++) {
      const { pixels, label } = shapeImage('test', index, { size: 32 });
      const planes = Float32Array.from(pixels, (_, i) => {
        const channel = Math.floor(i / 1024);
        return (pixels[3 * (i % 1024) + channel]! / 255 - mean[channel]!) / std[channel]!;
      });
      const logits = await model.classify(planes);
      if (logits.indexOf(Math.max(...logits)) !== label) wrong++;
    }
    expect(full.error).toBeCloseTo(wrong / IMAGES, 5);
    expect(full.keepRatio).toBe(1);
    expect(full.gmacs).toBeCloseTo(model.cost(null, false).total, 6);
    for (const [i, { keepRatios, keepRatio, gmacs, speedUp, viewsPerSecond }] of rows.entries()) {
      expect(keepRatios).toEqual([...keepRatios].sort((a, b) => b - a));
      expect(keepRatio).toBeCloseTo(keepRatios.reduce((sum, share) => sum + share) / 3, 4);
      expect(speedUp).toBeCloseTo(viewsPerSecond / full.viewsPerSecond, 3);
      expect(keepRatios[0]).toBeLessThanOrEqual(rows[i - 1]?.keepRatios[0] ?? 1);
      expect(gmacs).toBeLessThanOrEqual(rows[i - 1]?.gmacs ?? 1);
    }
    expect(rows.at(-1)!.keepRatio).toBeLessThan(rows[0]!.keepRatio);
  });

  it('random: as many patches by chance, with four seeds', async () => {
    const { rows } = await read('random');
    const { rows: thresholds } = await read('thresholds');
    for (const { threshold, learned, random, randomMean, gap } of rows) {
      expect(learned.error).toBe(thresholds.find((row) => row.threshold === threshold)!.error);
      expect(random.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
      expect(randomMean).toBeCloseTo(random.reduce((sum, { error }) => sum + error, 0) / 4, 5);
      expect(gap).toBeCloseTo(randomMean - learned.error, 5);
    }
  });

  it('peers: other models on the same images', async () => {
    const { full, rows } = await read('peers');
    expect(rows.map(({ name }) => name)).toEqual(['shapes-peer']);
    expect(full.error).toBe((await read('thresholds')).full.error);
    // Four mixtures instead of 17 tokens.
    expect(rows[0]!.gmacs).toBeLessThan(full.gmacs);
    await expect(run({ ...measuring, peers: [] })).rejects.toThrow(UsageError);
  });

  it('rewards and Gumbel: short trainings of the second interpreter', async () => {
    const [rewards, gumbel] = [await read('rewards'), await read('gumbel')];
    expect(rewards.rows.map(({ shape, tau }) => [shape, tau])).toEqual(
      (['squared', 'linear'] as const).flatMap((shape) => [0.5, 1, 1.5].map((tau) => [shape, tau])),
    );
    expect(gumbel.rows.map(({ estimator, learningRate }) => [estimator, learningRate])).toEqual([
      ['gumbel', 3e-3],
      ['reinforce', 3e-3],
      ['reinforce', 5e-4],
    ]);
    for (const { keepRatio } of [...rewards.rows, ...gumbel.rows]) {
      expect(keepRatio * TOKENS * IMAGES).toBeCloseTo(Math.round(keepRatio * TOKENS * IMAGES), 2);
    }
  });
});

describe('what is measured', () => {
  it('must be a model of Shapes with interpreters', async () => {
    expect(() => measuringOf({ ...bundle, labels: ['one'] }, runtime, measuring)).toThrow(UsageError);
    const [peer] = measuring.peers;
    expect(() => measuringOf(peer!, runtime, measuring)).toThrow('has no interpreter');
  });
});
