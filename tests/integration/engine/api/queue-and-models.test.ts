import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import { selectorNameSchema } from '#contract/analysis-request.ts';
import type { EngineEvent } from '#contract/engine-api.ts';
import { DEFAULT_MODEL } from '#engine/models/default-model.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { SELECTORS } from '#native-models/selection/selector.ts';
import { SAMPLE } from '../../../fixtures/analysis.ts';
import { jobIn, sharedEngine } from '../../../fixtures/engine-host.ts';

const GOLDENS = resolve(import.meta.dirname, '../../../fixtures/goldens');
const REQUEST: AnalysisRequest = { model: 'untrained-tiny', views: 1, selector: {}, topK: 3 };

const engine = sharedEngine();

describe('the queue', () => {
  test('does five videos, one of them broken, and goes on after the next start', async () => {
    const files: string[] = [];
    for (let i = 0; i < 5; i++) {
      const path = join(engine.folder, `${i}.mp4`);
      // Different lengths of the same file's end: five different contents.
      await copyFile(SAMPLE, path);
      await writeFile(path, i === 2 ? 'broken' : `padding ${i}`, { flag: i === 2 ? 'w' : 'a' });
      files.push(await engine.grant(path));
    }
    await engine.client.queue.pause();
    const jobs = await engine.client.queue.add({ files, request: REQUEST });
    expect(jobs.map(({ name, state }) => [name, state])).toEqual(files.map((_, i) => [`${i}.mp4`, 'queued']));
    expect(await engine.client.queue.start()).toEqual({ paused: false });
    await jobIn(engine.client, jobs[1]!.job, 'done');
    await jobIn(engine.client, jobs[2]!.job, 'failed');
    await jobIn(engine.client, jobs[3]!.job, 'running', 'done');

    await engine.stop();
    await engine.start();
    const { queue, jobs: later } = await engine.client.queue.list();
    expect(queue.paused).toBe(true);
    expect(later.slice(0, 3).map(({ state, error }) => [state, error?.code])).toEqual([
      ['done', undefined],
      ['done', undefined],
      ['failed', 'not-a-video'],
    ]);
    expect(later[4]!.state).toBe('queued');
    await engine.client.queue.start();
    await jobIn(engine.client, jobs[4]!.job, 'done');
    expect((await engine.client.queue.list()).jobs.map(({ state }) => state)).toEqual([
      'done',
      'done',
      'failed',
      'done',
      'done',
    ]);
  });

  test('opens what is done, retries what failed, and forgets what is over', async () => {
    const { jobs } = await engine.client.queue.list();
    const done = jobs[0]!;
    const events = await Array.fromAsync(engine.client.analysis.watch({ job: done.job }));
    expect(events.at(-1)?.type).toBe('done');
    expect((await engine.client.videos.open({ file: done.file })).results.map(({ result }) => result)).toEqual([
      done.result,
    ]);

    await copyFile(SAMPLE, join(engine.folder, '2.mp4'));
    await engine.client.queue.retry({ job: jobs[2]!.job });
    expect((await jobIn(engine.client, jobs[2]!.job, 'done', 'failed')).error).toBeNull();
    await engine.client.queue.clear();
    expect((await engine.client.queue.list()).jobs).toEqual([]);
    expect((await engine.client.videos.open({ file: done.file })).results).toHaveLength(1);
  });

  test('takes all files or none', async () => {
    const files = [await engine.grant(SAMPLE), 'B'.repeat(22)];
    await expect(engine.client.queue.add({ files, request: REQUEST })).rejects.toMatchObject({ code: 'file-unknown' });
    expect((await engine.client.queue.list()).jobs).toEqual([]);
  });
});

describe('models', () => {
  test('are listed with what a person wants to know', async () => {
    const models = await engine.client.models.list();
    const { manifest } = await resolveBundle(DEFAULT_MODEL);
    expect(models.find(({ name }) => name === DEFAULT_MODEL)).toMatchObject({
      ...{ state: 'usable', origin: 'shipped', provenance: 'shipped', isDefault: true, forVideos: true, trained: true },
      ...{ selectors: SELECTORS, threshold: manifest.selection?.threshold, licence: { name: 'Apache-2.0' } },
    });
    expect(selectorNameSchema.options).toEqual(SELECTORS);
    const { labels, card } = await engine.client.models.details({ name: DEFAULT_MODEL });
    expect(labels.length).toBeGreaterThan(5);
    expect(card).toContain('Motions');
  });

  test('a checkpoint is imported, tried, and then listed, usable and removable', async () => {
    const file = await engine.grant(join(GOLDENS, 'divided_space_time.pyth'));
    const hints = { heads: 3, samplingRate: 8, licence: { name: 'CC-BY-NC-4.0', source: null } };
    const events = await Array.fromAsync(engine.client.models.import({ file, name: 'golden', ...hints }));
    expect(events.map(({ type }) => type)).toEqual(['checked', 'progress', 'trial', 'done']);
    expect(events[0]).toMatchObject({ format: 'timesformer', classes: 7, labelsFrom: 'nobody', interpreter: false });
    expect(events.at(-1)).toMatchObject({
      model: {
        name: 'golden',
        origin: 'user',
        provenance: 'imported',
        classes: 7,
        licence: { name: 'CC-BY-NC-4.0' },
        threshold: null,
      },
      trial: { device: 'cpu', precision: 'fp32' },
    });
    const sample = await engine.client.videos.openSample();
    const { job } = await engine.client.analysis.begin({ file: sample.file, request: { ...REQUEST, model: 'golden' } });
    expect((await Array.fromAsync(engine.client.analysis.watch({ job }))).at(-1)?.type).toBe('done');
    await expect(engine.client.models.import({ file, name: 'golden', ...hints }).next()).rejects.toMatchObject({
      code: 'bundle-exists',
    });
    await engine.client.models.remove({ name: 'golden' });
    expect((await engine.client.models.list()).map(({ name }) => name)).not.toContain('golden');
    await expect(engine.client.models.remove({ name: DEFAULT_MODEL })).rejects.toMatchObject({
      code: 'bundle-protected',
    });
  });

  test('a model for images is imported and tried as well, and refused for videos', async () => {
    const file = await engine.grant(join(GOLDENS, 'deit-ia-red2.pth'));
    const events = await Array.fromAsync(engine.client.models.import({ file, name: 'golden-deit', heads: 3 }));
    expect(events[0]).toMatchObject({ format: 'ia-red2', classes: 7, interpreter: true, input: 'images of 64×64' });
    expect(events.at(-1)).toMatchObject({
      model: { forVideos: false, selectors: ['interpreter', 'full', 'random'], gmacs: expect.any(Number) },
      trial: { device: 'cpu', viewMs: expect.any(Number) },
    });
    const sample = await engine.client.videos.openSample();
    const { job } = await engine.client.analysis.begin({
      file: sample.file,
      request: { ...REQUEST, model: 'golden-deit' },
    });
    expect((await jobIn(engine.client, job, 'done', 'failed')).error).toMatchObject({ code: 'model-kind' });
    await engine.client.models.remove({ name: 'golden-deit' });
  });

  test('nothing is left of an import that failed or that nobody wanted any more', async () => {
    const path = join(engine.folder, 'no-checkpoint.pyth');
    await writeFile(path, 'no checkpoint');
    const wrong = engine.client.models.import({ file: await engine.grant(path), name: 'wrong' });
    await expect(Array.fromAsync(wrong)).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint-/) });

    const file = await engine.grant(join(GOLDENS, 'joint_space_time.pyth'));
    for await (const event of engine.client.models.import({ file, name: 'left', heads: 3 }))
      if (event.type === 'trial') break;
    // Asked last, so that leaving has been heard.
    await expect.poll(async () => (await engine.client.models.list()).map(({ name }) => name)).not.toContain('left');
    const left = (await readdir(join(engine.folder, 'models'))).filter((name) => !name.startsWith('.'));
    expect(left).toEqual(['untrained-tiny']);
  });

  test('a page cannot name a folder instead of a model', async () => {
    for (const name of ['../../etc', '/etc', 'a/b', '..']) {
      await expect(engine.client.models.details({ name })).rejects.toMatchObject({ code: 'request-invalid' });
    }
  });
});

test('listening begins with everything that there is, and says when it has been told', async () => {
  const seen: EngineEvent['type'][] = [];
  for await (const { type } of engine.client.engine.events()) {
    seen.push(type);
    if (type === 'all-told') break;
  }
  expect(seen).toEqual(expect.arrayContaining(['settings', 'recent', 'queue']));
});

describe('settings and devices', () => {
  test('a change is told to every window, and survives', async () => {
    const events = engine.client.engine.events();
    const seen: EngineEvent[] = [];
    const settings = { ...(await engine.client.settings.read()), topK: 9, theme: 'dark' } as const;
    await events.next();
    expect(await engine.client.settings.change({ topK: 9, theme: 'dark' })).toEqual(settings);
    for await (const event of events) {
      seen.push(event);
      if (event.type === 'settings' && event.settings.topK === 9) break;
    }
    expect(seen.at(-1)).toEqual({ type: 'settings', settings });
    // @ts-expect-error There is no such theme.
    await expect(engine.client.settings.change({ theme: 'pink' })).rejects.toMatchObject({ code: 'request-invalid' });
    await engine.stop();
    await engine.start();
    expect(await engine.client.settings.read()).toEqual(settings);
  });

  test('measuring the machine makes what runs wait, and lets it go on when it is given up', async () => {
    const { file } = await engine.client.videos.openSample();
    const request = { ...REQUEST, strideSeconds: 0.1, selector: { keep: 0.77 } };
    const { job } = await engine.client.analysis.begin({ file, request });
    await jobIn(engine.client, job, 'running');
    for await (const event of engine.client.devices.measure({})) {
      expect(event).toMatchObject({ type: 'step', step: expect.stringContaining('model') });
      expect((await jobIn(engine.client, job, 'queued', 'running', 'done')).state).toBe('queued');
      break;
    }
    await jobIn(engine.client, job, 'done');
  });

  test('the device is reported, and another choice takes effect', async () => {
    expect(await engine.client.devices.report()).toMatchObject({
      requested: { device: 'cpu', precision: 'fp32' },
      used: 'cpu',
      machine: { cores: expect.any(Number) },
    });
    await engine.client.settings.change({ threads: 1 });
    expect(await engine.client.devices.report()).toMatchObject({ threads: 1 });
    await engine.client.settings.change({ device: 'coreml' });
    await expect(engine.client.devices.report()).rejects.toMatchObject({ code: 'device-unavailable' });
    await engine.client.settings.change({ device: 'cpu' });
    expect(await engine.client.devices.report()).toMatchObject({ used: 'cpu' });
  });
});
