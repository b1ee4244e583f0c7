import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { ExportOrder } from '#contract/export-choice.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import type { Job } from '#contract/jobs.ts';
import { DEFAULT_VIDEO_EXPORT } from '#contract/video-export.ts';
import { BatchStore } from '#engine/batch/batch-store.ts';
import { SAMPLE } from '../../../fixtures/analysis.ts';
import { jobIn, sharedEngine } from '../../../fixtures/engine-host.ts';

const REQUEST: AnalysisRequest = {
  ...{ model: 'untrained-tiny', views: 1, selector: {}, strideSeconds: 1, topK: 5 },
  span: { startSeconds: 0, endSeconds: 2.5 },
};
const settings = { intervals: { ...DEFAULT_INTERVAL_RULE, minimumProbability: 0 } };
const CSV = { kind: 'csv', pattern: '{name}.csv' } as const;
const SRT = { kind: 'srt', pattern: '{name}.srt' } as const;
const FIGURES = { kind: 'figures', pattern: '{name}.{clip}.png' } as const;

const engine = sharedEngine();

/** A folder with the sample in it under these names. */
async function videosIn(folder: string, ...names: string[]): Promise<string[]> {
  await mkdir(join(engine.folder, folder), { recursive: true });
  const files: string[] = [];
  for (const name of names) {
    await copyFile(SAMPLE, join(engine.folder, folder, name));
    files.push(await engine.grant(join(engine.folder, folder, name)));
  }
  return files;
}

const order = (change: Partial<ExportOrder> = {}): ExportOrder => ({
  ...{ exports: [CSV, SRT], destination: { to: 'beside' }, settings, overwrite: false },
  ...change,
});

/** Waits until the exports of a job are in that state. */
async function exported(
  job: string,
  state: NonNullable<Job['exports']>['state'],
): Promise<NonNullable<Job['exports']>> {
  for await (const event of engine.client.engine.events()) {
    if (event.type === 'job' && event.job.job === job && event.job.exports?.state === state) return event.job.exports;
  }
  throw new Error('The events ended.');
}

describe('exports of the queue', () => {
  test('are written when a video is analysed; what is there is left alone, and stops nothing', async () => {
    const files = await videosIn('first', 'a.mp4', 'b.mp4');
    await writeFile(join(engine.folder, 'first', 'a.csv'), 'precious');
    const [a, b] = await engine.client.queue.add({ files, request: REQUEST, exports: order() });
    expect(a?.exports).toMatchObject({ state: 'waiting', kinds: ['csv', 'srt'] });
    expect(await exported(a!.job, 'failed')).toMatchObject({
      ...{ written: 1, current: 0, failures: [{ kind: 'csv', error: { code: 'target-exists' } }] },
      files: [{ name: 'a.srt' }],
    });
    expect(await exported(b!.job, 'done')).toMatchObject({ written: 2, failures: [], share: 1 });
    expect(await readFile(join(engine.folder, 'first', 'a.csv'), 'utf8')).toBe('precious');
    expect(await readFile(join(engine.folder, 'first', 'b.csv'), 'utf8')).toContain('b.mp4');
  });

  test('are made again only where they are missing or would be others, also for the command line', async () => {
    const { jobs } = await engine.client.queue.list();
    const { job } = jobs.find(({ name }) => name === 'b.mp4')!;
    const at = (name: string) => join(engine.folder, 'first', name);
    const before = (await stat(at('b.csv'))).mtimeMs;
    const drawn = { ...settings, video: { ...DEFAULT_VIDEO_EXPORT, sideBySide: true } };
    await engine.client.queue.export({
      jobs: [job],
      exports: order({ exports: [CSV, SRT, FIGURES], settings: drawn }),
    });
    // How videos are drawn changes no table.
    expect(await exported(job, 'done')).toMatchObject({ written: 2, current: 2, failures: [] });
    expect((await stat(at('b.csv'))).mtimeMs).toBe(before);
    const intervals = { ...settings.intervals, minimumProbability: 0.9 };
    await engine.client.queue.export({ jobs: [job], exports: order({ settings: { intervals } }) });
    expect(await exported(job, 'done')).toMatchObject({ written: 2, current: 0 });
    expect(await new BatchStore().receipts.isOurs(at('b.csv'))).toBe(true);
    expect(await new BatchStore().receipts.isOurs(at('a.csv'))).toBe(false);
  });

  test('of two videos of one name do not overwrite each other', async () => {
    const files = [...(await videosIn('x', 'same.mp4')), ...(await videosIn('y', 'same.mp4'))];
    await mkdir(join(engine.folder, 'out'));
    const { file: folder } = await engine.workspace.files.grant(join(engine.folder, 'out'));
    const exports = order({ exports: [CSV], destination: { to: 'folder', folder }, overwrite: true });
    const [x, y] = await engine.client.queue.add({ files, request: REQUEST, exports });
    await exported(x!.job, 'done');
    expect((await exported(y!.job, 'failed')).failures).toMatchObject([{ error: { code: 'target-invalid' } }]);
    expect(await engine.client.exports.folder()).toMatchObject({
      file: folder,
      name: 'out',
      path: join(engine.folder, 'out'),
    });
  });

  test('for a browser are one file each, however many there are', async () => {
    const files = await videosIn('z', 'z.mp4');
    const exports = order({ exports: [FIGURES], destination: { to: 'download' } });
    const [added] = await engine.client.queue.add({ files, request: REQUEST, exports });
    const { files: made } = await exported(added!.job, 'done');
    expect(made.map(({ name }) => name)).toEqual(['z.figures.zip']);
    const archive = unzipSync(await readFile(engine.workspace.files.path(made[0]!.file)));
    expect(Object.keys(archive)).toEqual(['z.00000.png', 'z.00001.png']);
    expect([...archive['z.00001.png']!.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    expect(await readdir(join(engine.folder, 'z'))).toEqual(['z.mp4']);
  });

  test('begin anew when a video is analysed once more, and go with it', async () => {
    const { jobs } = await engine.client.queue.list();
    const { job } = jobs.find(({ name }) => name === 'b.mp4')!;
    expect((await engine.client.queue.retry({ job })).exports).toMatchObject({ state: 'waiting', written: 0 });
    expect(await exported(job, 'done')).toMatchObject({ written: 0, current: 2 });
    await engine.client.queue.clear();
    expect((await engine.client.queue.list()).jobs).toEqual([]);
  });
});

describe('previews of annotated videos', () => {
  test('are drawn for a job that is done, in the size that is asked for', async () => {
    const [file] = await videosIn('p', 'p.mp4');
    const { job } = await engine.client.analysis.begin({ file: file!, request: REQUEST });
    await jobIn(engine.client, job, 'done');
    const asked = { job, video: DEFAULT_VIDEO_EXPORT, seconds: 1.2, longSide: 240 };
    const { picture, width, height } = await engine.client.exports.preview(asked);
    expect([width, height]).toEqual([480, 360]);
    const header = Buffer.from(picture);
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([240, 180]);
    // The same frame once more, drawn otherwise.
    const beside = await engine.client.exports.preview({
      ...asked,
      video: { ...DEFAULT_VIDEO_EXPORT, sideBySide: true },
    });
    expect([beside.width, beside.height]).toEqual([960, 360]);
    expect(Buffer.from(beside.picture).readUInt32BE(20)).toBe(90);
  });

  test('are refused where nothing is done', async () => {
    const [file] = await videosIn('p', 'q.mp4');
    await engine.client.queue.pause();
    const [added] = await engine.client.queue.add({ files: [file!], request: { ...REQUEST, topK: 1 } });
    const asked = { job: added!.job, video: DEFAULT_VIDEO_EXPORT, seconds: 0, longSide: 240 };
    await expect(engine.client.exports.preview(asked)).rejects.toMatchObject({ code: 'job-unavailable' });
  });
});

test('there is no place beside the sample, which is a part of the program', async () => {
  const { file } = await engine.client.videos.openSample();
  const { job } = await engine.client.analysis.begin({ file, request: REQUEST });
  await jobIn(engine.client, job, 'done');
  const destination = { to: 'beside' } as const;
  const planned = await engine.client.exports.plan({ jobs: [job], exports: [CSV], destination });
  expect(planned).toMatchObject([{ error: { code: 'export-unavailable' } }]);
});
