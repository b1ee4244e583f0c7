import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { ExportKind } from '#contract/export-choice.ts';
import { type ExportEvent, exportedAnalysisSchema } from '#contract/exports.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { SAMPLE } from '../../../fixtures/analysis.ts';
import { jobIn, sharedEngine } from '../../../fixtures/engine-host.ts';

const REQUEST: AnalysisRequest = {
  ...{ model: 'untrained-tiny', views: 3, selector: {}, strideSeconds: 1, topK: 5 },
  span: { startSeconds: 0, endSeconds: 5 },
};
const settings = { intervals: { ...DEFAULT_INTERVAL_RULE, minimumProbability: 0 } };
const csv = { kind: 'csv', pattern: '{name}.csv' } as const;
const figures = { kind: 'figures', pattern: 'figures/{name}.{clip}.png' } as const;

const engine = sharedEngine();
let video: string;
let job: string;
/** A folder that the user chose, new for each test. */
let place: string;
let folder: string;
let number = 0;

beforeAll(async () => {
  video = join(engine.folder, 'a video.mp4');
  await copyFile(SAMPLE, video);
  const { file } = await engine.workspace.files.grant(video);
  ({ job } = await engine.client.analysis.begin({ file, request: REQUEST }));
  await jobIn(engine.client, job, 'done');
});
beforeEach(async () => {
  number += 1;
  place = join(engine.folder, `place ${number}`);
  await mkdir(place);
  folder = await engine.grant(place);
});

const filesIn = async (path: string) =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(path.length + 1))
    .sort();

const run = (exports: { kind: ExportKind; pattern: string }[], overwrite = false): Promise<ExportEvent[]> =>
  Array.fromAsync(
    engine.client.exports.run({ jobs: [job], exports, destination: { to: 'folder', folder }, settings, overwrite }),
  );
const lasting = (events: readonly ExportEvent[]) => events.filter(({ type }) => type !== 'progress');

describe('exports of a job that is done', () => {
  test('are offered, planned and made in every kind', async () => {
    const formats = await engine.client.exports.formats();
    const exports = formats.map(({ kind, pattern }) => ({ kind, pattern }));
    const destination = { to: 'folder', folder } as const;
    const planned = await engine.client.exports.plan({ jobs: [job], exports, destination });
    expect(planned.map(({ kind, files, existing, error }) => ({ kind, files, existing, error }))).toEqual(
      formats.map(({ kind, files }) => ({ kind, files: files === 'one' ? 1 : 4, existing: 0, error: null })),
    );
    expect(JSON.stringify(planned)).not.toContain(engine.folder);
    expect(await filesIn(place)).toEqual([]);

    const events = lasting(await run(exports));
    expect(events.at(-1)).toEqual({ type: 'finished', done: formats.length, failed: 0 });
    expect(events.slice(0, -1)).toMatchObject(formats.map(({ kind }) => ({ type: 'done', kind })));
    expect(await filesIn(place)).toEqual(
      [
        ...[0, 1, 2, 3].map((clip) => `a video.0000${clip}.png`),
        ...['gif', 'mp4', 'webm'].map((extension) => `a video.annotated.${extension}`),
        ...['boris.csv', 'csv', 'eaf', 'json', 'npz', 'report.html', 'srt', 'vtt'].map((end) => `a video.${end}`),
      ].sort(),
    );
    const document = exportedAnalysisSchema.parse(JSON.parse(await readFile(join(place, 'a video.json'), 'utf8')));
    expect(document.clips.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    const digest = createHash('sha256')
      .update(await readFile(video))
      .digest('hex');
    expect(document.provenance.source).toMatchObject({ name: 'a video.mp4', sha256: digest });

    const again = await engine.client.exports.plan({ jobs: [job], exports, destination });
    expect(again.every(({ files, existing }) => files === existing)).toBe(true);
  });

  test('do not replace what is there unless they may; the others are made all the same', async () => {
    await writeFile(join(place, 'a video.csv'), 'precious');
    const srt = { kind: 'srt', pattern: '{name}.srt' } as const;
    expect(lasting(await run([csv, srt]))).toMatchObject([
      { type: 'failed', kind: 'csv', error: { code: 'target-exists' } },
      { type: 'done', kind: 'srt', files: 1 },
      { type: 'finished', done: 1, failed: 1 },
    ]);
    expect(await readFile(join(place, 'a video.csv'), 'utf8')).toBe('precious');
    expect(lasting(await run([csv], true))).toMatchObject([{ type: 'done' }, { type: 'finished' }]);
    expect(await readFile(join(place, 'a video.csv'), 'utf8')).toContain('video,clip,view');
  });

  test('stay where they were asked to, and never take the place of the video', async () => {
    const patterns = ['../{name}.csv', '/tmp/{name}.csv', '{nam}.csv'];
    const events = lasting(await run(patterns.map((pattern) => ({ kind: 'csv', pattern }))));
    expect(events.slice(0, -1)).toMatchObject(patterns.map(() => ({ error: { code: 'target-invalid' } })));
    const itself = { kind: 'csv', pattern: '{name}.mp4' } as const;
    const planned = await engine.client.exports.plan({ jobs: [job], exports: [itself], destination: { to: 'beside' } });
    expect(planned).toMatchObject([{ error: { code: 'target-invalid' } }]);
    const twice = lasting(await run([csv, { kind: 'boris', pattern: '{name}.CSV' }]));
    expect(twice).toMatchObject([{ type: 'done' }, { error: { code: 'target-invalid' } }, { type: 'finished' }]);
  });

  test('can be fetched by a browser, and go away with the engine', async () => {
    const destination = { to: 'download' } as const;
    const events = lasting(
      await Array.fromAsync(engine.client.exports.run({ jobs: [job], exports: [csv], destination, settings })),
    );
    const [done] = events;
    if (done?.type !== 'done') throw new Error(JSON.stringify(events));
    expect(done.file.name).toBe('a video.csv');
    expect(engine.workspace.files.isTemporary(done.file.file)).toBe(true);
    expect(await readFile(engine.workspace.files.path(done.file.file), 'utf8')).toContain('video,clip,view');
  });

  test('stop when nobody listens any more, and leave only whole files', async () => {
    for await (const event of engine.client.exports.run({
      ...{ jobs: [job], exports: [figures], destination: { to: 'folder', folder }, settings },
    })) {
      if (event.type === 'progress') break;
    }
    // A window that is gone cannot be told when the work has stopped.
    await expect.poll(() => readdir(join(engine.folder, 'unfinished-exports')), { timeout: 20_000 }).toEqual([]);
    for (const name of await filesIn(place)) {
      expect(name).toMatch(/^figures\/a video\.\d{5}\.png$/);
      expect((await readFile(join(place, name))).subarray(-8, -4).toString('latin1')).toBe('IEND');
    }
  });

  test('say so when the disk is full, and leave only whole files (skipped where no small disk can be mounted)', async ({
    skip,
  }) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    } catch {
      skip('mounting a small disk needs root');
    }
    try {
      const events = lasting(await run([figures, csv]));
      expect(events).toMatchObject([
        { type: 'failed', kind: 'figures', error: { code: 'disk-full' } },
        { type: 'done', kind: 'csv' },
        { type: 'finished', done: 1, failed: 1 },
      ]);
      const files = await filesIn(place);
      expect(files.filter((name) => !/^(figures\/a video\.\d{5}\.png|a video\.csv)$/.test(name))).toEqual([]);
    } finally {
      execFileSync('umount', [place]);
    }
  });

  test('are refused when the video is another one by now, or gone', async () => {
    const moved = join(engine.folder, 'kept.mp4');
    await copyFile(video, moved);
    try {
      await writeFile(video, Buffer.concat([await readFile(moved), Buffer.from('more')]));
      expect(lasting(await run([csv]))).toMatchObject([{ error: { code: 'export-unavailable' } }, { failed: 1 }]);
      await rm(video);
      expect(lasting(await run([csv]))).toMatchObject([{ error: { code: 'file-not-found' } }, { failed: 1 }]);
    } finally {
      await copyFile(moved, video);
    }
    expect(await filesIn(place)).toEqual([]);
  });
});
