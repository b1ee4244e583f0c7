import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutsideModelError, PatchlightError } from '#contract/errors.ts';
import { interpretationSchema } from '#contract/interpretation.ts';
import { readImage } from '#engine/images/read-image.ts';
import { type ImageEngine, openImageEngine } from '#engine/interpretation/image-engine.ts';
import { type InterpretRequest, interpretImage } from '#engine/interpretation/interpret-image.ts';
import { imageMaps } from '#engine/interpretation/map-names.ts';
import { outsideMap } from '#engine/interpretation/outside-map.ts';
import { writeInterpretation } from '#engine/interpretation/write-interpretation.ts';
import type { DType } from '#native-models/onnx/dtype.ts';
import { Graph } from '#native-models/onnx/graph.ts';
import { cast, reduceMean } from '#native-models/onnx/operators/arithmetic.ts';
import { serializeGraph } from '#native-models/onnx/serialize.ts';
import { ImageRun } from '#native-models/runtime/image-run.ts';
import { resolveImageSelector } from '#native-models/selection/image-selector.ts';
import { importGoldenDeit } from '../../../fixtures/golden-deit.ts';
import { gradient, oddImages } from '../../../fixtures/images/odd-images.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let engine: ImageEngine & AsyncDisposable;
let path: string;
let request: InterpretRequest;
beforeAll(async () => {
  folder = await temporaryFolder();
  const bundle = await importGoldenDeit(folder.path);
  engine = await openImageEngine(bundle, { device: 'cpu', precision: 'fp32', threads: 1 });
  path = join(folder.path, 'gradient.jpg');
  await writeFile(path, await gradient(150, 100).jpeg().toBuffer());
  const selector = resolveImageSelector(bundle.manifest, { thresholds: [0.49, 0.5, 0.5] });
  request = { selector, framing: 'whole', maps: [], outside: [], topCount: 3, stream: 0 };
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('an interpreted image', () => {
  it('says what the model answers, what each group kept, and what every map shows', async () => {
    const { report, view, selected } = await interpretImage(engine, path, {
      ...request,
      maps: imageMaps(engine.model.bundle.manifest),
    });
    expect(interpretationSchema.parse(report)).toEqual(report);
    const direct = await (await ImageRun.begin(engine.model, view.tensor)).select(request.selector);
    expect(selected.logits).toEqual(direct.logits);
    expect(report.groups.map(({ kept }) => kept)).toEqual(direct.groups.map(({ kept }) => [...kept]));
    expect(report).toMatchObject({
      image: { format: 'jpeg', width: 150, height: 100, pages: 1 },
      seen: { left: 0, top: 0, right: 150, bottom: 100 },
      groups: [{ firstBlock: 0, blocks: 2, present: 64, threshold: 0.49 }, { firstBlock: 2, threshold: 0.5 }, {}],
    });
    expect(report.top).toHaveLength(3);
    expect(report.gmacs).toBeLessThan(report.gmacsFull);
    expect(report.maps.map(({ name }) => name)).toEqual([
      ...['interpreter-1', 'interpreter-2', 'interpreter-3', 'attention', 'attention-rollout', 'attention-gradient'],
      ...['input-gradient', 'occlusion', 'random'],
    ]);
    for (const { name, width, height, scores } of report.maps) {
      expect([width, height, scores.length], name).toEqual([8, 8, 64]);
      expect(new Set(scores).size, name).toBeGreaterThan(8);
    }
  });

  it('is seen in the middle alone where it is framed as in training', async () => {
    const { report } = await interpretImage(engine, path, { ...request, framing: 'model' });
    const { left, top, right, bottom } = report.seen;
    expect(left).toBeGreaterThan(top);
    expect(right - left).toBeCloseTo(bottom - top, 6);
  });

  it('is written as the published tool does, with the hierarchical figure, maps and JSON', async () => {
    const interpreted = await interpretImage(engine, path, { ...request, maps: ['interpreter-2'] });
    const files = await writeInterpretation(join(folder.path, 'out'), engine, interpreted);
    const names = [
      'interpret-result.png',
      'hierarchical.png',
      'hierarchical.svg',
      'map-interpreter-2.png',
      'interpretation.json',
    ];
    expect(files).toEqual(names.map((name) => join(folder.path, 'out', name)));
    const result = await readImage(files[0]!);
    expect([result.width, result.height]).toEqual([64, 64]);
    const figure = await readImage(files[1]!);
    expect(figure.width).toBeGreaterThan(4 * figure.height);
    expect(JSON.parse(await readFile(files[4]!, 'utf8'))).toEqual(JSON.parse(JSON.stringify(interpreted.report)));
  });
});

describe('a model of the user’s', () => {
  const written = async (
    name: string,
    inputs: readonly [DType, readonly (number | string)[]][],
    axes: readonly number[],
  ) => {
    const graph = new Graph(name);
    const [first] = inputs.map(([dtype, sizes], i) => graph.input(`pixels ${i}`, dtype, sizes));
    graph.output('saliency', reduceMean(cast(first!, 'float32'), axes));
    const file = join(folder.path, `${name}.onnx`);
    await writeFile(file, serializeGraph(graph));
    return await outsideMap(file, engine.runtime);
  };

  it('makes a map from the same part of the image, in its own size', async () => {
    const brightness = await written('brightness', [['float32', [1, 3, 32, 48]]], [1]);
    const { report } = await interpretImage(engine, path, { ...request, outside: [brightness] });
    const [{ name, width, height, scores } = { name: '', width: 0, height: 0, scores: [] }] = report.maps;
    expect([name, width, height]).toEqual(['brightness', 48, 32]);
    // Red and blue even out, green grows downwards.
    expect(scores[0]).toBeLessThan(scores.at(-1)!);
    const any = await written('any-size', [['float32', [1, 3, 'height', 'width']]], [1]);
    const { report: other } = await interpretImage(engine, path, { ...request, outside: [any] });
    expect(other.maps[0]).toMatchObject({ name: 'any-size', width: 64, height: 64 });
  });

  it('is refused where it takes no picture or gives no map', async () => {
    await expect(
      written(
        'two',
        [
          ['float32', [1, 3, 8, 8]],
          ['float32', [1, 3, 8, 8]],
        ],
        [1],
      ),
    ).rejects.toThrow(OutsideModelError);
    await expect(written('grey', [['float32', [1, 1, 8, 8]]], [1])).rejects.toThrow(OutsideModelError);
    await writeFile(join(folder.path, 'text.onnx'), 'no model');
    await expect(outsideMap(join(folder.path, 'text.onnx'), engine.runtime)).rejects.toThrow(OutsideModelError);
    const three = await written('three', [['float32', [1, 3, 8, 8]]], [2]);
    await expect(interpretImage(engine, path, { ...request, outside: [three] })).rejects.toThrow(OutsideModelError);
  });
});

it('gives a result or a clear error for two hundred odd images, in bounded memory', async () => {
  const images = await oddImages();
  const before = process.memoryUsage.rss();
  const outcomes = { interpreted: 0, refused: 0 };
  for (const { name, bytes, size } of images) {
    const file = join(folder.path, name);
    await writeFile(file, bytes);
    const outcome = await interpretImage(engine, file, request).catch((thrown: unknown) => thrown);
    if (size === null) expect(outcome, name).toBeInstanceOf(PatchlightError);
    else
      expect((outcome as { report: unknown }).report, name).toMatchObject({
        image: { width: size[0], height: size[1] },
      });
    outcomes[size === null ? 'refused' : 'interpreted'] += 1;
  }
  expect(outcomes.interpreted + outcomes.refused).toBeGreaterThanOrEqual(200);
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 2 ** 20);
}, 180_000);

it('sees 16 bits, CMYK and a palette as the picture that they are of', async () => {
  const square = (background: string) => sharp({ create: { width: 40, height: 40, channels: 3, background } });
  const answers = [];
  for (const [name, image] of [
    ['plain.png', square('#c83214').png()],
    ['deep.png', square('#c83214').toColourspace('rgb16').png()],
    ['palette.png', square('#c83214').png({ palette: true })],
  ] as const) {
    await writeFile(join(folder.path, name), await image.toBuffer());
    answers.push((await interpretImage(engine, join(folder.path, name), request)).selected.logits);
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});
