import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { EngineClient } from '#contract/engine-api.ts';
import { SCORE_MAPS } from '#contract/score-maps.ts';
import type { AnalysisEngine } from '#engine/analysis/analyze.ts';
import { type ClipView, scoresOf } from '#engine/analysis/clip-view.ts';
import { embedClip } from '#engine/analysis/embed-clip.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { resolveSettings } from '#engine/analysis/settings.ts';
import { scoreMaps } from '#engine/evaluation/faithfulness/score-maps.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';
import { type DataFolder, dataFolder, type HostedEngine, hostedEngine, jobIn } from '../../../fixtures/engine-host.ts';

let data: DataFolder;
let engine: HostedEngine;
let client: EngineClient;
let direct: AnalysisEngine & AsyncDisposable;

beforeAll(async () => {
  data = await dataFolder();
  engine = await hostedEngine();
  client = engine.client;
  direct = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });
});
afterAll(async () => {
  await direct[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
  await data[Symbol.asyncDispose]();
});

const REQUEST: AnalysisRequest = {
  model: 'untrained-tiny',
  views: 3,
  selector: { keep: 0.1 },
  strideSeconds: 2,
  topK: 5,
};

async function begun(request: AnalysisRequest = REQUEST) {
  const { file } = await engine.workspace.files.grant(SAMPLE);
  return client.analysis.begin({ file, request });
}

describe('a score map of a clip', () => {
  let views: readonly ClipView[];
  let job: string;
  beforeAll(async () => {
    const settings = resolveSettings(direct.model.bundle.manifest, REQUEST);
    views = await embedClip(await probeVideo(SAMPLE), 1, direct.model, settings);
    ({ job } = await begun());
    await jobIn(client, job, 'done');
  });

  test.each(SCORE_MAPS)('called %s is the one that evaluations judge, of every view in its place', async (map) => {
    const told = await client.analysis.scoreMap({ job, clip: 1, map });
    const expected = await Promise.all(
      views.map(async (view) => {
        const { pixels, stream } = view;
        const scores = (await scoreMaps(direct.model, pixels, { maps: [map], stream })).get(map)!;
        const { kept: _, ...placed } = scoresOf(view, { scores, kept: new Uint32Array() });
        return placed;
      }),
    );
    expect(told).toEqual({ clip: 1, map, views: expected });
    expect(told.views.map(({ crop }) => crop)).toEqual(['center', 'left', 'right']);
    // Every view is another picture, and chance is drawn anew.
    expect(told.views[1]!.scores).not.toEqual(told.views[0]!.scores);
  });

  test('of the interpreter is what the analysis has told, when that kept by it', async () => {
    const told = new Map<string, Float32Array>();
    for await (const event of client.analysis.watch({ job })) {
      if (event.type === 'scores' && event.view.clip === 2) told.set(event.view.crop, event.view.scores);
    }
    const { views } = await client.analysis.scoreMap({ job, clip: 2, map: 'interpreter' });
    expect(new Map(views.map(({ crop, scores }) => [crop, scores]))).toEqual(told);
  });

  test('is there also when the views of the analysis are gone', async () => {
    const before = await client.analysis.scoreMap({ job, clip: 3, map: 'saliency' });
    engine.workspace.views.clear();
    expect(await client.analysis.scoreMap({ job, clip: 3, map: 'saliency' })).toEqual(before);
  });

  test('is refused where there is no such clip, map or analysis', async () => {
    const asking = client.analysis.scoreMap({ job, clip: 99, map: 'random' });
    await expect(asking).rejects.toMatchObject({ code: 'span-outside-video' });
    // Every patch is as good as another: no map.
    const full = client.analysis.scoreMap({ job, clip: 1, map: 'full' as 'random' });
    await expect(full).rejects.toMatchObject({ code: 'request-invalid' });
    const unknown = client.analysis.scoreMap({ job: crypto.randomUUID(), clip: 1, map: 'random' });
    await expect(unknown).rejects.toMatchObject({ code: 'job-unavailable' });
  });

  test('is refused before the analysis has begun', async () => {
    await client.queue.pause();
    const { file } = await engine.workspace.files.grant(SAMPLE);
    const [waiting] = await client.queue.add({ files: [file], request: REQUEST });
    const asking = client.analysis.scoreMap({ job: waiting!.job, clip: 0, map: 'random' });
    await expect(asking).rejects.toMatchObject({ code: 'job-unavailable', message: /not begun/ });
    await client.queue.remove({ job: waiting!.job });
    await client.queue.start();
  });

  test('of an interpreter is refused by a model that has none', async () => {
    const { manifest } = await tinyBundle();
    await createRandomBundle(join(data.path, 'models', 'without-interpreter'), manifest.architecture, {
      ...{ seed: 1, selection: null, title: 'Without an interpreter', samplingRate: 8 },
    });
    const { job } = await begun({ ...REQUEST, model: 'without-interpreter', views: 1, selector: { name: 'saliency' } });
    await jobIn(client, job, 'done');
    const asking = client.analysis.scoreMap({ job, clip: 0, map: 'interpreter' });
    await expect(asking).rejects.toMatchObject({ code: 'selector-unavailable' });
    expect((await client.analysis.scoreMap({ job, clip: 0, map: 'attention-rollout' })).views).toHaveLength(1);
  });
});

describe('while an analysis is under way', () => {
  test('a map takes turns with it, and can be called off', async () => {
    const { job } = await begun({ ...REQUEST, strideSeconds: 0.1 });
    const clipsDone = async (clips: number) => {
      let seen = 0;
      for await (const event of client.analysis.watch({ job })) if (event.type === 'clip' && ++seen === clips) return;
    };
    const viewsDone = () => engine.workspace.jobs.get(job).progress?.viewsDone ?? 0;
    await clipsDone(2);
    const before = viewsDone();
    await client.analysis.scoreMap({ job, clip: 0, map: 'attention-rollout' });
    // The analysis has some 240 views, and one that did not let the map in would be over.
    expect(viewsDone() - before).toBeLessThan(60);

    const stop = new AbortController();
    const asking = client.analysis.scoreMap({ job, clip: 1, map: 'attention-rollout' }, { signal: stop.signal });
    stop.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    await clipsDone(Math.ceil(viewsDone() / 3) + 1);
    expect((await client.analysis.cancel({ job })).state).not.toBe('failed');
  });
});
