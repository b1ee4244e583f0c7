import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '#contract/errors.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';
import { parseOptions } from '../../../build/train-shapes/options.ts';
import { shapesCourse } from '../../../build/train-shapes/shapes-course.ts';
import { trainModel } from '../../../build/training/train-model.ts';
import type { ModelTrainingEvent, ModelTrainingOptions } from '../../../build/training/training.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** A model that is trained in a second, in all phases. */
const { recipe, request } = parseOptions(
  '--size 32 --dim 24 --blocks 2 --groups 2 --heads 2 --batch 4 --val-samples 6 --interpreter-heads 2'.split(' '),
);
const { name, workers, validationSamples } = request;

let runtime: InferenceRuntime;
let common: Omit<ModelTrainingOptions, 'directory'>;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  const [course, replicas] = [shapesCourse(recipe), [runtime, runtime]];
  const how = { start: null, budget: { steps: 8 }, tolerance: 1 };
  common = { course, ...how, name, validationSamples, workers, runtime, replicas };
  folder = await temporaryFolder();
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('training on Shapes', () => {
  it('is algorithm 1: group by group, interpreter and blocks', async () => {
    const events: ModelTrainingEvent[] = await Array.fromAsync(trainModel({ ...common, directory: folder.path }));
    const judged = events.filter((event) => event.kind === 'validated');
    expect(judged.map(({ after }) => after)).toEqual([
      'backbone',
      '1-policy',
      '2-fine-tune',
      '3-policy',
      '4-fine-tune',
    ]);
    const last = events.at(-1);
    if (last?.kind !== 'written') throw new Error('Nothing was written.');
    await verifyBundle(last.bundle);
    expect(last.bundle.labels).toEqual(shapeClasses);
    expect(last.bundle.manifest).toMatchObject({
      name: 'shapes-deit-tiny',
      architecture: { kind: 'deit', imageSize: 32, patchSize: 8 },
      sampling: null,
      selection: {
        groups: [
          { firstBlock: 0, blocks: 1 },
          { firstBlock: 1, blocks: 1 },
        ],
      },
      training: { dataSet: 'shapes', recipe, backboneAccuracy: judged[0]!.validation.fullAccuracy },
    });
  });

  it('gives a peer with Linformer attention from the same weights, which selects nothing', async () => {
    const course = shapesCourse({ ...recipe, attention: 'linformer', mixtures: 4, firstStage: 3 });
    const start = join(folder.path, name);
    const options = {
      ...common,
      course,
      start,
      name: 'peer',
      directory: join(folder.path, 'peer'),
      budget: { steps: 2 },
    };
    const events: ModelTrainingEvent[] = await Array.fromAsync(trainModel(options));
    expect(events.filter(({ kind }) => kind === 'validated')).toHaveLength(1);
    const last = events.at(-1);
    if (last?.kind !== 'written') throw new Error('Nothing was written.');
    const { architecture, selection } = last.bundle.manifest;
    expect(architecture).toMatchObject({ kind: 'deit', linformer: 4 });
    expect(selection).toBeNull();
    expect(last.bundle.tensors.get('blocks.1.attn.key_projection.weight')?.shape).toEqual([4, 17]);
  });

  it('refuses what could not be written at the end before it begins', async () => {
    await using other = await temporaryFolder();
    const course = shapesCourse({ ...recipe, groups: 3 });
    const events = Array.fromAsync(trainModel({ ...common, course, directory: other.path }));
    await expect(events).rejects.toThrow(UsageError);
    await expect(events).rejects.toThrow('groups must divide blocks');
    expect(await readdir(other.path)).toEqual([]);
  });
});

describe('the options of npm run train:shapes', () => {
  it('describe the model that ships unless they say otherwise', () => {
    const { architecture, selection } = shapesCourse(parseOptions([]).recipe);
    expect(architecture).toMatchObject({ imageSize: 112, patchSize: 8, dim: 96, depth: 12, heads: 3 });
    expect(selection!.groups).toEqual([0, 4, 8].map((firstBlock) => ({ firstBlock, blocks: 4 })));
  });
});
