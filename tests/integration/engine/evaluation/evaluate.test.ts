import { stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '#contract/analysis.ts';
import { type Evaluation, type EvaluationEvent, evaluationSchema } from '#contract/evaluation.ts';
import { type AnalysisEngine, analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { type DataSet, openDataSet } from '#engine/evaluation/data-set/data-set.ts';
import { evaluate, identityOf } from '#engine/evaluation/evaluate.ts';
import { Journal } from '#engine/evaluation/journal.ts';
import { EVALUATION_JOURNAL } from '#engine/evaluation/outcome.ts';
import { type EvaluationRequest, resolveEvaluation } from '#engine/evaluation/settings.ts';
import { ofType, SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';
import { ffmpeg } from '../../../fixtures/bar-code-video.ts';
import { writeDataSet } from '../../../fixtures/data-set.ts';

const LABELS = [3, 0, 9, 1];

let engine: AnalysisEngine & AsyncDisposable;
let made: Awaited<ReturnType<typeof writeDataSet>>;
let dataSet: DataSet;

beforeAll(async () => {
  const bundle = await tinyBundle();
  engine = await openEngine(bundle, { device: 'cpu', precision: 'fp32', threads: 1 });
  made = await writeDataSet(LABELS);
  dataSet = await openDataSet(made.list, { labels: bundle.labels });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await made[Symbol.asyncDispose]();
});

const settingsOf = (request: EvaluationRequest) => resolveEvaluation(engine.model.bundle.manifest, request);

const eventsOf = (request: EvaluationRequest, data = dataSet, options = {}): Promise<EvaluationEvent[]> =>
  Array.fromAsync(evaluate(data, settingsOf(request), engine, options));

function only<T extends EvaluationEvent['type']>(events: readonly EvaluationEvent[], type: T) {
  return events.filter((event): event is Extract<EvaluationEvent, { type: T }> => event.type === type);
}

async function rowsOf(request: EvaluationRequest, data = dataSet, options = {}): Promise<readonly Evaluation[]> {
  return only(await eventsOf(request, data, options), 'done')[0]!.rows;
}

/** Everything but the speed, which no two runs share. */
const still = (rows: readonly Evaluation[]) => rows.map(({ viewsPerSecond: _, ...row }) => row);

/** A data set whose labels are what the model answers for the first `right` videos, and something else for the others. */
async function answered(request: EvaluationRequest, right: number): Promise<DataSet> {
  const predictions = only(await eventsOf(request), 'video').map((video) => video.predictions[0]!.clip1);
  const videos = dataSet.videos.map((video, i) => ({
    ...video,
    label: i < right ? predictions[i]! : (predictions[i]! + 1) % 14,
  }));
  return { ...dataSet, videos };
}

describe('an evaluation', () => {
  test.each([
    ['the interpreter', { selector: { keep: 0.3 } }],
    ['everything kept', { selector: { name: 'full' } }],
    ['saliency', { selector: { name: 'saliency', keep: 0.4 } }],
    ['frame differences', { selector: { name: 'frame-difference' } }],
  ] as const)('with %s is what analysing video by video gives', async (_, { selector }) => {
    const analyses: Analysis[] = [];
    for (const { path } of dataSet.videos) {
      const events = await Array.fromAsync(analyze(path, { views: 3, selector }, engine));
      analyses.push(ofType(events, 'done')[0]!.analysis);
    }
    const clips = analyses.map((analysis) => analysis.clips[0]!);
    const one = clips.map((clip) => clip.oneClip.top[0]!.index);
    const three = clips.map((clip) => clip.threeClip!.top[0]!.index);
    // Labels that make some videos right and others wrong, and three clips another figure than one.
    const labels = [one[0]!, three[1]!, 13 - one[2]!, (three[3]! + 1) % 14];
    const data = { ...dataSet, videos: dataSet.videos.map((video, i) => ({ ...video, label: labels[i]! })) };
    const share = (answers: readonly number[]) => answers.filter((answer, i) => answer !== labels[i]).length / 4;
    const views = clips.flatMap((clip) => clip.views);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

    const events = await eventsOf({ views: 3, selector }, data);
    const [row] = only(events, 'done')[0]!.rows;
    expect(only(events, 'video').map(({ predictions }) => predictions)).toEqual(
      one.map((clip1, i) => [{ clip1, video1: three[i] }]),
    );
    expect(row).toMatchObject({ videos: 4, skipped: 0, failures: [], views: 3 });
    expect(row!.clip1Error).toBeCloseTo(share(one), 12);
    expect(row!.video1Error).toBeCloseTo(share(three), 12);
    expect(row!.keepRatio).toBeCloseTo(mean(views.map(({ keptTokens }) => keptTokens / 512)), 12);
    expect(row!.gmacsPerView).toBeCloseTo(mean(views.map(({ gmacs }) => gmacs)), 12);
    expect(row!.gmacsFullPerView).toBeCloseTo(analyses[0]!.summary.gmacsFull / 3, 12);
    expect(row!.viewsPerSecond).toBeGreaterThan(0);
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
  });

  test('with one view knows no error of three clips', async () => {
    const [row] = await rowsOf({ views: 1 });
    expect(row).not.toHaveProperty('video1Error');
    expect(evaluationSchema.parse(row)).toEqual(row);
  });

  test('says how far it is and how wrong it has been so far', async () => {
    const progress = only(await eventsOf({ views: 1 }, await answered({ views: 1 }, 2)), 'progress');
    expect(progress.map(({ videosDone, videosTotal }) => [videosDone, videosTotal])).toEqual(
      LABELS.map((_, i) => [i + 1, 4]),
    );
    expect(progress.map(({ clip1Error }) => clip1Error)).toEqual([0, 0, 1 / 3, 2 / 4]);
  });

  test('drops other tokens by chance in every video and view, and the same ones again', async () => {
    const request = { views: 3, selector: { name: 'random', keep: 0.1, seed: 5 } } as const;
    const twice = { ...dataSet, videos: [0, 1].map((index) => ({ ...dataSet.videos[0]!, index })) };
    expect(still(await rowsOf(request, twice))).toEqual(still(await rowsOf(request, twice)));
    // Under a threshold chance shows in the count.
    const byThreshold = { views: 1, selector: { name: 'random', threshold: 0.5 } } as const;
    const [first] = await rowsOf(byThreshold, { ...twice, videos: twice.videos.slice(0, 1) });
    const [second] = await rowsOf(byThreshold, { ...twice, videos: twice.videos.slice(1) });
    expect(first!.keepRatio).not.toBe(second!.keepRatio);
  });
});

describe('a sweep', () => {
  test('gives the same rows as one run for each of its settings', async () => {
    const sweeps = [
      { parameter: 'selector', values: ['interpreter', 'random', 'full'] },
      { parameter: 'keep', values: [0.7, 0.3] },
      { parameter: 'seed', values: [1, 2] },
    ] as const;
    const rows = await rowsOf({ sweeps });
    const named = rows.map(({ selector, keep, seed }) => [selector, keep, seed]);
    expect(named).toEqual([
      ['interpreter', 0.7, null],
      ['interpreter', 0.3, null],
      ['random', 0.7, 1],
      ['random', 0.7, 2],
      ['random', 0.3, 1],
      ['random', 0.3, 2],
      ['full', null, null],
    ]);
    for (const i of [1, 3, 6]) {
      const { selector, keep, seed } = rows[i]!;
      const name = selector as 'interpreter' | 'random' | 'full';
      const alone = await rowsOf({ selector: { name, keep: keep ?? undefined, seed: seed ?? undefined } });
      expect(still(alone)).toEqual(still([rows[i]!]));
    }
  });
});

describe('a video that cannot be decoded', () => {
  test('is a failure with its reason, and the others are judged', async () => {
    const corrupt = join(made.folder, 'corrupt.mp4');
    await writeFile(corrupt, 'no video');
    const list = join(made.folder, 'with-corrupt.csv');
    await writeFile(list, 'video 0.mp4,3\ncorrupt.mp4,3\nvideo 1.mp4,3\n');
    const data = await openDataSet(list, { labels: engine.model.bundle.labels });
    const events = await eventsOf({ views: 1 }, data);
    const failure = { path: corrupt, error: expect.objectContaining({ code: 'not-a-video' }) };
    expect(only(events, 'failure')).toEqual([{ type: 'failure', failure }]);
    expect(only(events, 'progress').at(-1)).toMatchObject({ videosDone: 3, videosTotal: 3 });
    const [row] = only(events, 'done')[0]!.rows;
    expect(row).toMatchObject({ videos: 3, failures: [failure] });
    const [without] = await rowsOf(
      { views: 1 },
      { ...data, videos: data.videos.filter(({ path }) => path !== corrupt) },
    );
    expect(row!.clip1Error).toBe(without!.clip1Error);

    await expect(rowsOf({}, { ...data, videos: data.videos.slice(1, 2) })).rejects.toMatchObject({
      code: 'nothing-evaluated',
    });
  });
});

test('a video that is cut off is judged by what is left of it, with a warning that names it', async () => {
  // With its index in front, a file can be opened however much is missing behind.
  const path = join(made.folder, 'cut.mp4');
  await ffmpeg(['-i', SAMPLE, '-c', 'copy', '-movflags', '+faststart', path]);
  await truncate(path, Math.floor((await stat(path)).size / 2));
  const events = await eventsOf({ views: 1 }, { ...dataSet, videos: [{ ...dataSet.videos[3]!, path }] });
  expect(only(events, 'warning').map((warning) => warning.path)).toContain(path);
  expect(only(events, 'video')).toHaveLength(1);
});

describe('kept results', () => {
  const journalOf = (path: string, request: EvaluationRequest, data = dataSet) =>
    Journal.open(path, identityOf(data, settingsOf(request), engine), EVALUATION_JOURNAL);

  test('let a run that was left go on where it was, with the same figures as an unbroken one', async () => {
    const request = { sweeps: [{ parameter: 'threshold', values: [0.4, 0.5] }] } as const;
    const path = join(made.folder, 'left.progress');
    {
      await using journal = await journalOf(path, request);
      for await (const event of evaluate(dataSet, settingsOf(request), engine, { journal })) {
        if (event.type === 'progress' && event.videosDone === 2) break;
      }
    }
    await using journal = await journalOf(path, request);
    const events = await eventsOf(request, dataSet, { journal });
    expect(only(events, 'start')[0]!.start.resumed).toBe(2);
    expect(only(events, 'video').map((video) => video.path)).toEqual(
      dataSet.videos.slice(2).map((video) => video.path),
    );
    expect(still(only(events, 'done')[0]!.rows)).toEqual(still(await rowsOf(request)));

    await using complete = await journalOf(path, request);
    const again = await eventsOf(request, dataSet, { journal: complete });
    expect(again.map(({ type }) => type)).toEqual(['start', 'done']);
    expect(only(again, 'done')).toEqual(only(events, 'done'));
  });

  test('are refused for another model, other videos, and other settings', async () => {
    const path = join(made.folder, 'other.progress');
    await using _journal = await journalOf(path, { views: 1 });
    await expect(journalOf(path, { views: 3 })).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('results of other settings'),
    });
    await expect(journalOf(path, { views: 1 }, { ...dataSet, videos: dataSet.videos.slice(1) })).rejects.toMatchObject({
      message: expect.stringContaining('results of other videos'),
    });
    const identity = identityOf(dataSet, settingsOf({ views: 1 }), engine);
    await expect(Journal.open(path, { ...identity, model: '0' }, EVALUATION_JOURNAL)).rejects.toMatchObject({
      message: expect.stringContaining('results of another model'),
    });
    await expect(Journal.open(made.list, identity, EVALUATION_JOURNAL)).rejects.toMatchObject({
      message: expect.stringContaining('holds no kept results'),
    });
  });
});

describe('cancelling', () => {
  test('ends the stream with the reason', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    await expect(async () => {
      for await (const event of evaluate(dataSet, settingsOf({}), engine, { signal: abort.signal })) {
        if (event.type === 'video') abort.abort(reason);
      }
    }).rejects.toBe(reason);
  });
});
