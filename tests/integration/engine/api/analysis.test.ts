import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { WatchEvent } from '#contract/jobs.ts';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { ofType, SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';
import { hostedEngine, jobIn, sharedEngine } from '../../../fixtures/engine-host.ts';

const engine = sharedEngine();

/** The video that these tests count on, opened as a user does. */
const openFixture = async () => engine.client.videos.open(await engine.workspace.files.grant(SAMPLE));

const REQUEST: AnalysisRequest = { model: 'untrained-tiny', views: 3, selector: {}, strideSeconds: 1, topK: 5 };
const oftype = <T extends WatchEvent['type']>(events: readonly WatchEvent[], type: T) =>
  events.filter((event): event is Extract<WatchEvent, { type: T }> => event.type === type);
const clipsIn = (events: readonly WatchEvent[]) => oftype(events, 'clip').map(({ clip }) => clip.index);
/** What a watcher is told, without what depends on the time. */
const lasting = (events: readonly WatchEvent[]) =>
  events.filter(({ type }) => type !== 'progress' && type !== 'queued');

describe('a video on screen', () => {
  test('is looked into, becomes a recent one, and is never named by its path', async () => {
    const path = join(engine.folder, 'my figures.mp4');
    await copyFile(SAMPLE, path);
    const { file, name } = await engine.workspace.files.grant(path);
    const video = await engine.client.videos.open({ file });
    expect(video).toMatchObject({
      file,
      name,
      codec: 'h264',
      width: 480,
      height: 360,
      durationSeconds: 10,
      results: [],
    });
    expect(JSON.stringify(video)).not.toContain(engine.folder);
    expect(await engine.client.videos.recent()).toMatchObject([
      { file, name, folder: engine.folder, durationSeconds: 10 },
    ]);
    await engine.client.videos.forget({ file });
    expect(await engine.client.videos.recent()).toEqual([]);
  });

  test('with an id that nobody gave is refused', async () => {
    const file = 'A'.repeat(22);
    await expect(engine.client.videos.open({ file })).rejects.toMatchObject({ code: 'file-unknown' });
    for (const wrong of ['../../etc/passwd', '/etc/passwd', '', 'A'.repeat(23)]) {
      await expect(engine.client.videos.open({ file: wrong })).rejects.toMatchObject({ code: 'request-invalid' });
    }
  });

  test('that is none says so', async () => {
    const path = join(engine.folder, 'notes.mp4');
    await writeFile(path, 'no video at all');
    const { file } = await engine.workspace.files.grant(path);
    await expect(engine.client.videos.open({ file })).rejects.toMatchObject({ code: 'not-a-video' });
  });
});

describe('an analysis', () => {
  test('is told as it happens, and gives what the command line gives', async () => {
    const { file } = await openFixture();
    const { job, state } = await engine.client.analysis.begin({ file, request: REQUEST });
    expect(['queued', 'running']).toContain(state);
    const events = await Array.fromAsync(engine.client.analysis.watch({ job }));
    await using direct = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });
    const expected = await Array.fromAsync(analyze(SAMPLE, REQUEST, direct));

    expect(lasting(events).map(({ type }) => type)).toEqual(
      expected.filter(({ type }) => type !== 'progress').map(({ type }) => type),
    );
    expect(oftype(events, 'clip').map(({ clip }) => clip)).toEqual(ofType(expected, 'clip').map(({ clip }) => clip));
    expect(oftype(events, 'scores')).toEqual(ofType(expected, 'scores'));
    expect(oftype(events, 'progress').at(-1)?.progress).toMatchObject({
      viewsDone: 27,
      viewsTotal: 27,
      secondsLeft: 0,
    });
    const { timing, ...document } = await engine.client.analysis.document({ job });
    const { timing: _timing, ...analysis } = ofType(expected, 'done')[0]!.analysis;
    expect(document).toEqual(analysis);
    expect(timing.wallMs).toBeGreaterThan(0);
  });

  test('watched again gives the same, or what is new', async () => {
    const { file } = await openFixture();
    const { job } = await engine.client.analysis.begin({ file, request: REQUEST });
    const whole = lasting(await Array.fromAsync(engine.client.analysis.watch({ job })));
    expect(lasting(await Array.fromAsync(engine.client.analysis.watch({ job })))).toEqual(whole);
    const rest = await Array.fromAsync(engine.client.analysis.watch({ job, skip: 7 }));
    expect(clipsIn(rest)).toEqual(clipsIn(whole).slice(7));
  });

  test('of the same video, model and settings is taken up instead of repeated', async () => {
    const { file, results } = await openFixture();
    expect(results).toMatchObject([{ complete: true, clipsDone: 9, clipsTotal: 9, model: { name: 'untrained-tiny' } }]);
    const before = performance.now();
    const { job } = await engine.client.analysis.reopen({ file, result: results[0]!.result });
    const events = await Array.fromAsync(engine.client.analysis.watch({ job }));
    expect(clipsIn(events)).toHaveLength(9);
    expect(performance.now() - before).toBeLessThan(2000);

    const again = await engine.client.analysis.begin({ file, request: REQUEST });
    await jobIn(engine.client, again.job, 'done');
    expect((await openFixture()).results).toHaveLength(1);
    // A copy under another name is the same video.
    await copyFile(SAMPLE, join(engine.folder, 'copy.mp4'));
    const copy = await engine.workspace.files.grant(join(engine.folder, 'copy.mp4'));
    expect((await engine.client.videos.open({ file: copy.file })).results).toEqual(results);
  });

  test('is repeated when that is asked for, and not when it was with other settings', async () => {
    const { file } = await openFixture();
    const request = { ...REQUEST, views: 1, selector: { keep: 0.25 } } as const;
    const first = await engine.client.analysis.begin({ file, request });
    await jobIn(engine.client, first.job, 'done');
    const { timing } = await engine.client.analysis.document({ job: first.job });
    const second = await engine.client.analysis.begin({ file, request, again: true });
    const events = await Array.fromAsync(engine.client.analysis.watch({ job: second.job }));
    expect(clipsIn(events)).toHaveLength(9);
    expect((await engine.client.analysis.document({ job: second.job })).timing).not.toEqual(timing);
    expect((await engine.client.analysis.results({ file })).length).toBe(2);
  });

  test('comes from the playhead outwards, also when that moves', async () => {
    const { file } = await openFixture();
    const request = { ...REQUEST, strideSeconds: 0.1, selector: { keep: 0.9 } };
    const { job } = await engine.client.analysis.begin({ file, request, fromSeconds: 3 });
    const clips: number[] = [];
    let moved: number | undefined;
    for await (const event of engine.client.analysis.watch({ job })) {
      if (event.type === 'clip') clips.push(event.clip.index);
      if (clips.length === 2 && moved === undefined) {
        await engine.client.analysis.focus({ job, seconds: 8 });
        moved = clips.length;
      }
      if (clips.length === 8) break;
    }
    expect(clips.slice(0, 2)).toEqual([30, 31]);
    const later = clips.indexOf(80);
    expect(later).toBeGreaterThan(1);
    // What was under way when the playhead moved may still have come.
    expect(later).toBeLessThanOrEqual(4);
    expect(clips.slice(later, later + 3)).toEqual([80, 81, 82]);
    await engine.client.analysis.cancel({ job });
  });

  test('that is cancelled keeps what is done, and goes on from there', async () => {
    const { file } = await openFixture();
    const request = { ...REQUEST, strideSeconds: 0.2, selector: { keep: 0.8 } };
    const { job } = await engine.client.analysis.begin({ file, request });
    const before: number[] = [];
    let last: WatchEvent | undefined;
    for await (const event of engine.client.analysis.watch({ job })) {
      last = event;
      if (event.type === 'clip') before.push(event.clip.index);
      if (before.length === 4)
        expect(['running', 'cancelled']).toContain((await engine.client.analysis.cancel({ job })).state);
    }
    expect(last).toEqual({ type: 'cancelled' });
    expect(before.length).toBeLessThan(20);
    await expect(engine.client.analysis.document({ job })).rejects.toMatchObject({ code: 'job-unavailable' });
    expect((await engine.client.analysis.resume({ job })).state).toBe('running');
    const events = await Array.fromAsync(engine.client.analysis.watch({ job, skip: before.length }));
    expect(clipsIn(events)).not.toEqual(expect.arrayContaining([before[0]]));
    expect([...before, ...clipsIn(events)]).toEqual(Array.from({ length: 45 }, (_, index) => index));
    expect((await engine.client.analysis.document({ job })).clips).toHaveLength(45);
  });

  test('that fails says why, to whoever watches', async () => {
    const { file } = await openFixture();
    const { job } = await engine.client.analysis.begin({ file, request: { ...REQUEST, model: 'not-there' } });
    expect((await Array.fromAsync(engine.client.analysis.watch({ job }))).at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'bundle-not-found' },
    });
    expect((await jobIn(engine.client, job, 'failed')).error).toMatchObject({ code: 'bundle-not-found' });
  });
});

describe('a clip with other patches', () => {
  test('is that of a whole analysis with them', async () => {
    const { file } = await openFixture();
    const { job } = await engine.client.analysis.begin({ file, request: REQUEST });
    await jobIn(engine.client, job, 'done');
    const chosen = await engine.client.analysis.reselect({ job, clip: 4, selector: { keep: 0.25 } });
    const other = await engine.client.analysis.begin({ file, request: { ...REQUEST, selector: { keep: 0.25 } } });
    const events = await Array.fromAsync(engine.client.analysis.watch({ job: other.job }));
    const expected = oftype(events, 'clip').find(({ clip }) => clip.index === 4)!;
    expect(chosen.clip).toEqual(expected.clip);
    expect(chosen.probabilities).toEqual(expected.probabilities);
    expect(chosen.views.map(({ kept }) => kept.length)).toEqual([128, 128, 128]);
  });

  test('can be changed again and again, the latest one winning', async () => {
    const { file } = await openFixture();
    const { job } = await engine.client.analysis.begin({ file, request: REQUEST });
    await jobIn(engine.client, job, 'done');
    const drag = Array.from({ length: 10 }, (_, i) => {
      const signal = i < 9 ? AbortSignal.timeout(i) : undefined;
      return engine.client.analysis.reselect({ job, clip: 2, selector: { keep: (i + 1) / 10 } }, { signal });
    });
    const outcomes = await Promise.allSettled(drag);
    const last = await drag[9]!;
    expect(outcomes[9]!.status).toBe('fulfilled');
    expect(last.views[0]!.kept).toHaveLength(512);
  });
});

describe('after a start with damaged files', () => {
  test('a result is set aside with a notice, and computed anew', async () => {
    const { file, results } = await openFixture();
    const chosen = results.find(({ settings }) => settings.keep === 0.25)!;
    const folders = await readdir(join(engine.folder, 'results'));
    const place = join(engine.folder, 'results', folders[0]!, chosen.result);
    const log = await readFile(join(place, 'clips.log'));
    log[60]! ^= 255;
    await writeFile(join(place, 'clips.log'), log);

    const request = { ...REQUEST, views: chosen.settings.views, selector: { keep: 0.25 } };
    const { job } = await engine.client.analysis.begin({ file, request });
    const events = await Array.fromAsync(engine.client.analysis.watch({ job }));
    expect(clipsIn(events)).toHaveLength(9);
    expect(events.at(-1)?.type).toBe('done');
    for await (const event of engine.client.engine.events()) {
      if (event.type !== 'notice') continue;
      expect(event.notice).toMatchObject({ code: 'state-set-aside', what: 'a result' });
      await engine.client.engine.dismissNotice({ id: event.notice.id });
      break;
    }
    expect(engine.workspace.notices.all).toEqual([]);
  });

  test('settings, jobs and recent files begin anew with notices, and a second engine is refused meanwhile', async () => {
    await expect(hostedEngine()).rejects.toMatchObject({ code: 'already-running' });
    await engine.stop();
    for (const name of ['settings.json', 'jobs.json', 'recent.json'])
      await writeFile(join(engine.folder, name), '{"vers');
    await engine.start();
    expect(engine.workspace.notices.all.map(({ code }) => code)).toEqual(Array(3).fill('state-set-aside'));
    expect((await engine.client.settings.read()).topK).toBe(5);
    // Results are found by the video itself.
    expect((await openFixture()).results.length).toBeGreaterThan(2);
    await rm(join(engine.folder, 'results'), { recursive: true });
    await mkdir(join(engine.folder, 'results'));
  });
});
