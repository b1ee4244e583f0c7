import { execFile } from 'node:child_process';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Analysis, type AnalysisEvent, analysisSchema } from '#contract/analysis.ts';
import { type AnalysisEngine, analyze } from '#engine/analysis/analyze.ts';
import type { ClipView } from '#engine/analysis/clip-view.ts';
import type { AnalysisCourse } from '#engine/analysis/course.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { softmax } from '#engine/analysis/predictions.ts';
import type { AnalysisRequest } from '#engine/analysis/settings.ts';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { cropOrigins, viewTensor } from '#engine/video/views.ts';
import { ofType, SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';
import { ffmpeg } from '../../../fixtures/bar-code-video.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let engine: AnalysisEngine & AsyncDisposable;

beforeAll(async () => {
  engine = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });
});
afterAll(() => engine[Symbol.asyncDispose]());

const eventsOf = (request: AnalysisRequest): Promise<AnalysisEvent[]> =>
  Array.fromAsync(analyze(SAMPLE, request, engine));

async function analysisOf(request: AnalysisRequest): Promise<Analysis> {
  return ofType(await eventsOf(request), 'done')[0]!.analysis;
}

describe('the stream of events', () => {
  test('begins with start and ends with done, which is the document of the contract', async () => {
    const events = await eventsOf({});
    expect(events[0]?.type).toBe('start');
    expect(events.at(-1)?.type).toBe('done');
    const { analysis } = ofType(events, 'done')[0]!;
    expect(analysisSchema.parse(JSON.parse(JSON.stringify(analysis)))).toEqual(analysis);
    expect(analysis.clips).toEqual(ofType(events, 'clip').map(({ clip }) => clip));
  });

  test('gives the scores of each view before the result of its clip, the centre first', async () => {
    const events = await eventsOf({ views: 3 });
    const order = events.filter(({ type }) => type === 'scores' || type === 'clip');
    const clips = ofType(events, 'clip');
    expect(clips.length).toBeGreaterThan(1);
    expect(order.map((event) => (event.type === 'scores' ? event.view.crop : 'clip'))).toEqual(
      clips.flatMap(() => ['center', 'left', 'right', 'clip']),
    );
    for (const { view } of ofType(events, 'scores')) {
      expect(view.scores).toHaveLength(512);
      expect(view.kept.every((token) => view.scores[token]! > 0.5)).toBe(true);
      const keptTokens = clips[view.clip]!.clip.views.find(({ crop }) => crop === view.crop)!.keptTokens;
      expect(view.kept).toHaveLength(keptTokens);
    }
  });

  test('counts progress up to the views that were planned', async () => {
    const progress = ofType(await eventsOf({ views: 1 }), 'progress');
    expect(progress.map(({ viewsDone }) => viewsDone)).toEqual(progress.map((_, i) => i + 1));
    expect(progress.at(-1)!.viewsDone).toBe(progress.at(-1)!.viewsTotal);
  });
});

describe('predictions', () => {
  test('are those of the model on the crops that the protocol names', async () => {
    const { clips } = await analysisOf({ views: 3, selector: { name: 'full' }, topK: 14 });
    const video = await probeVideo(SAMPLE);
    const { model } = engine;
    const [first] = planClips(video, { numFrames: 8, samplingRate: 8 });
    const decoded = (await decodeClips(video, [first!], { shortSide: 128 }).next()).value!;
    const all: Float32Array[] = [];
    for (const { name, origin } of cropOrigins(decoded.width, decoded.height, 128)) {
      const view = viewTensor(decoded, origin, 128, model.bundle.manifest.preprocessing);
      const probabilities = softmax(await model.classify(await model.embed(view), null));
      all.push(probabilities);
      const result = clips[0]!.views.find(({ crop }) => crop === name)!;
      expect(result.origin).toEqual(origin);
      for (const { index, probability } of result.top) expect(probability).toBeCloseTo(probabilities[index]!, 6);
    }
    for (const { index, probability } of clips[0]!.threeClip!.top) {
      expect(probability).toBeCloseTo(all.reduce((sum, one) => sum + one[index]!, 0) / 3, 6);
    }
    expect(clips[0]!.oneClip.top).toEqual(clips[0]!.views[1]!.top);
    expect(clips[0]!.frameIndices).toEqual([0, 9, 18, 27, 36, 45, 54, 63]);
  });

  test('with every token kept by gathering are those without gathering', async () => {
    const full = await analysisOf({ views: 1, selector: { name: 'full' } });
    const kept = await analysisOf({ views: 1, selector: { name: 'interpreter', keep: 1 } });
    for (const [i, clip] of full.clips.entries()) {
      for (const [rank, { index, probability }] of clip.oneClip.top.entries()) {
        const other = kept.clips[i]!.oneClip.top[rank]!;
        expect(other.index).toBe(index);
        expect(other.probability).toBeCloseTo(probability, 5);
      }
    }
  });
});

describe('selection', () => {
  test.each(['interpreter', 'random', 'frame-difference', 'saliency'] as const)(
    '%s keeps the share that is asked for, and says what it saved',
    async (name) => {
      const { summary, clips, settings } = await analysisOf({ views: 1, selector: { name, keep: 0.25 } });
      expect(settings).toMatchObject({ selector: name, keep: 0.25, threshold: null });
      expect(summary.keepRatio).toBe(0.25);
      for (const { views } of clips) expect(views[0]).toMatchObject({ keptTokens: 128, totalTokens: 512 });
      expect(summary.gmacs).toBeLessThan(0.4 * summary.gmacsFull);
    },
  );

  test('by chance repeats with its seed and differs with another', async () => {
    const keptOf = async (seed: number) =>
      ofType(await eventsOf({ views: 1, selector: { name: 'random', seed } }), 'scores').map(({ view }) => [
        ...view.kept,
      ]);
    const [once, again, other] = [await keptOf(3), await keptOf(3), await keptOf(4)];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    expect(once[0]).not.toEqual(once[1]);
  });

  test('by frame difference always keeps the first frame', async () => {
    const [first] = ofType(await eventsOf({ views: 1, selector: { name: 'frame-difference' } }), 'scores');
    const firstFrame = Array.from({ length: 64 }, (_, patch) => patch * 8);
    expect([...first!.view.kept]).toEqual(expect.arrayContaining(firstFrame));
    // A still background leaves something to drop.
    expect(first!.view.kept.length).toBeLessThan(512);
  });
});

describe('which clips', () => {
  test('overlap when the stride is shorter than a clip', async () => {
    const { clips } = await analysisOf({ views: 1, strideSeconds: 1 });
    expect(clips.map(({ startSeconds }) => startSeconds)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(clips[3]!.frameIndices[0]).toBe(90);
  });

  test('come from the span that is asked for', async () => {
    const { clips } = await analysisOf({ views: 1, span: { startSeconds: 4, endSeconds: 8.2 } });
    expect(clips.map(({ startSeconds }) => Math.round(startSeconds * 100))).toEqual([400, 613]);
    expect(clips[0]!.frameIndices[0]).toBe(120);
  });
});

describe('cancelling', () => {
  const ffmpegChildren = async () => {
    const { stdout } = await promisify(execFile)('ps', ['--ppid', String(process.pid), '-o', 'comm=']);
    return stdout.split('\n').filter((name) => name.startsWith('ffmpeg'));
  };

  test('ends the stream with the reason, at once, and leaves no ffmpeg behind', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let askedAt = 0;
    await expect(async () => {
      for await (const event of analyze(SAMPLE, { views: 3, strideSeconds: 0.1 }, engine, abort.signal)) {
        if (event.type !== 'scores') continue;
        setImmediate(() => {
          askedAt = performance.now();
          abort.abort(reason);
        });
      }
    }).rejects.toBe(reason);
    expect(performance.now() - askedAt).toBeLessThan(500);
    expect(await ffmpegChildren()).toEqual([]);
  });

  test('leaves the engine able to analyse the next video', async () => {
    for await (const event of analyze(SAMPLE, { views: 1 }, engine)) if (event.type === 'clip') break;
    expect(await ffmpegChildren()).toEqual([]);
    expect((await analysisOf({ views: 1 })).clips.length).toBe(5);
  });

  test('before the beginning does nothing', async () => {
    await expect(analyze(SAMPLE, {}, engine, AbortSignal.abort()).next()).rejects.toThrow('aborted');
  });
});

describe('the course of the work', () => {
  const request = { views: 3, strideSeconds: 0.5 } as const;
  const eventsFrom = (course: AnalysisCourse) => Array.fromAsync(analyze(SAMPLE, request, engine, undefined, course));
  const clipsIn = (events: readonly AnalysisEvent[]) => ofType(events, 'clip').map(({ clip }) => clip.index);
  const withoutTiming = ({ timing, ...rest }: Analysis) => rest;

  test('begins at the playhead and gives the same document', async () => {
    const inOrder = await eventsFrom({});
    const outwards = await eventsFrom({ fromSeconds: 6.2 });
    const all = clipsIn(inOrder);
    expect(clipsIn(outwards).slice(0, 8)).toEqual([12, 13, 14, 15, 8, 9, 10, 11]);
    expect(clipsIn(outwards).toSorted((a, b) => a - b)).toEqual(all);
    const [{ analysis: expected }, { analysis }] = [ofType(inOrder, 'done')[0]!, ofType(outwards, 'done')[0]!];
    expect(analysis.clips).toEqual(expected.clips);
    expect(analysis.summary.gmacs).toBeCloseTo(expected.summary.gmacs, 6);
    expect(analysis.summary.oneClip.top[0]?.probability).toBeCloseTo(expected.summary.oneClip.top[0]!.probability, 6);
  });

  test('leaves out what an earlier run has done, and counts it', async () => {
    const whole = await eventsFrom({});
    const done = ofType(whole, 'clip').filter(({ clip }) => clip.index % 3 !== 1);
    const rest = await eventsFrom({ finished: new Map(done.map((one) => [one.clip.index, one])) });
    expect(clipsIn(rest)).toEqual(clipsIn(whole).filter((index) => index % 3 === 1));
    const [first] = ofType(rest, 'progress');
    expect(first).toEqual({ type: 'progress', viewsDone: 3 * done.length + 1, viewsTotal: 3 * clipsIn(whole).length });
    const [{ analysis: expected }, { analysis }] = [ofType(whole, 'done')[0]!, ofType(rest, 'done')[0]!];
    expect(withoutTiming(analysis)).toEqual({ ...withoutTiming(expected), summary: expect.anything() });
    expect(analysis.summary.keepRatio).toBe(expected.summary.keepRatio);
    expect(analysis.summary.gmacs).toBeCloseTo(expected.summary.gmacs, 6);
    expect(analysis.summary.threeClip?.top[0]?.index).toBe(expected.summary.threeClip?.top[0]?.index);
  });

  test('shows every view between stem and trunk', async () => {
    const seen: ClipView[] = [];
    const events = await eventsFrom({ onView: (view) => seen.push(view) });
    expect(seen.map(({ clip, crop }) => [clip.index, crop])).toEqual(
      ofType(events, 'scores').map(({ view }) => [view.clip, view.crop]),
    );
    expect(seen[4]?.embedded.scores).toEqual(ofType(events, 'scores')[4]?.view.scores);
  });

  test('a file that was cut off gives the same clips from the middle as from the beginning', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'cut.ts');
    await ffmpeg(['-i', SAMPLE, '-c', 'copy', '-f', 'mpegts', path]);
    await truncate(path, Math.round((await stat(path)).size * 0.7));
    const of = async (course: AnalysisCourse) =>
      ofType(await Array.fromAsync(analyze(path, request, engine, undefined, course)), 'done')[0]!.analysis;
    const [forwards, outwards] = [await of({}), await of({ fromSeconds: 4 })];
    expect(forwards.clips.length).toBeGreaterThan(5);
    expect(outwards.clips).toEqual(forwards.clips);
    const codes = (analysis: Analysis) => new Set(analysis.video.warnings.map(({ code }) => code));
    expect(codes(outwards)).toEqual(codes(forwards));
  });

  test('a video that has been looked into is not looked into again', async () => {
    const video = await probeVideo(SAMPLE);
    const claimed = { ...video, codec: 'as told' };
    const [start] = ofType(await Array.fromAsync(analyze(claimed, { views: 1 }, engine)), 'start');
    expect(start?.start.video.codec).toBe('as told');
  });
});
