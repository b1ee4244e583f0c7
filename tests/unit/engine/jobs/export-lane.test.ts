import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analysisRequestSchema } from '#contract/analysis-request.ts';
import { DiskFullError } from '#contract/errors.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { FileRegistry } from '#engine/files/file-registry.ts';
import { ExportLane } from '#engine/jobs/export-lane.ts';
import { type ExportsOutcome, orderedExports } from '#engine/jobs/job-exports.ts';
import { JobList } from '#engine/jobs/job-list.ts';
import { EventHub } from '#engine/store/event-hub.ts';
import { NoticeBoard } from '#engine/store/notice-board.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const request = analysisRequestSchema.parse({ model: 'tiny' });
const ORDER = {
  exports: [{ kind: 'csv', pattern: '{name}.csv' }],
  settings: { intervals: DEFAULT_INTERVAL_RULE },
  overwrite: false,
} as const;
const WRITTEN: ExportsOutcome = { written: 1, current: 0, failures: [], files: ['/v/a.csv'] };

/** A lane whose files are written when the test says so. */
async function lane() {
  const folder = await temporaryFolder();
  const hub = new EventHub();
  const notices = new NoticeBoard(hub);
  const openList = () => JobList.open(join(folder.path, 'jobs.json'), hub, new FileRegistry('key'), notices);
  const jobs = await openList();
  const log: string[] = [];
  const finish = new Map<string, { resolve(outcome: ExportsOutcome): void; reject(thrown: unknown): void }>();
  const exporting = new ExportLane(jobs, async ({ record: { path } }, _, tell, signal) => {
    log.push(`begin ${path}`);
    tell({ share: 0.5, secondsLeft: 3 });
    const work = Promise.withResolvers<ExportsOutcome>();
    finish.set(path, work);
    try {
      return await Promise.race([work.promise, once(signal, 'abort').then(() => Promise.reject(signal.reason))]);
    } finally {
      log.push(`end ${path}`);
    }
  });
  const add = (path: string, to: 'beside' | 'download' = 'beside') => {
    const exports = orderedExports({ ...ORDER, exports: [...ORDER.exports] }, { to });
    return jobs.add({ path, lane: 'queue', request, exports }).record.job;
  };
  const shown = (id: string) => jobs.public(jobs.get(id)).exports;
  return {
    ...{ jobs, exporting, log, finish, add, shown, openList },
    done: (id: string) => jobs.change(id, { state: 'done' }),
    async [Symbol.asyncDispose]() {
      await exporting[Symbol.asyncDispose]();
      await jobs.settled();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('exports are made of jobs that are done, one job at a time, in order', async () => {
  await using it = await lane();
  const [a, b] = [it.add('a'), it.add('b')];
  it.done(b);
  await expect.poll(() => it.log).toEqual(['begin b']);
  expect(it.shown(b)).toMatchObject({ state: 'running', share: 0.5, secondsLeft: 3 });
  expect(it.shown(a)).toMatchObject({ state: 'waiting', share: 0 });
  it.done(a);
  it.finish.get('b')?.resolve(WRITTEN);
  await expect.poll(() => it.log).toEqual(['begin b', 'end b', 'begin a']);
  expect(it.shown(b)).toMatchObject({ state: 'done', share: 1, written: 1, files: [{ name: 'a.csv' }] });
});

test('what fails is told, and stops no other', async () => {
  await using it = await lane();
  const [a, b, c] = [it.add('a'), it.add('b'), it.add('c')];
  for (const id of [a, b, c]) it.done(id);
  await expect.poll(() => it.log.at(-1)).toBe('begin a');
  it.finish.get('a')?.reject(new DiskFullError('There is no room left.'));
  await expect.poll(() => it.log.at(-1)).toBe('begin b');
  expect(it.shown(a)).toMatchObject({ state: 'failed', failures: [{ kind: 'csv', error: { code: 'disk-full' } }] });
  const failures = [{ kind: 'csv', error: { code: 'target-exists', message: 'There is one.' } }] as const;
  it.finish.get('b')?.resolve({ ...WRITTEN, written: 0, failures: [...failures] });
  await expect.poll(() => it.log.at(-1)).toBe('begin c');
  expect(it.shown(b)).toMatchObject({ state: 'failed', failures: [{ error: { code: 'target-exists' } }] });
});

test('exports are stopped by whoever does not want them, and nothing is begun in a pause', async () => {
  await using it = await lane();
  const [a, b] = [it.add('a'), it.add('b')];
  it.done(a);
  it.done(b);
  await expect.poll(() => it.log).toEqual(['begin a']);
  await it.exporting.cancel(b);
  expect(it.shown(b)).toMatchObject({ state: 'cancelled' });
  it.jobs.pause(true);
  await it.exporting.pause();
  expect(it.shown(a)).toMatchObject({ state: 'waiting', share: 0 });
  expect(it.log).toEqual(['begin a', 'end a']);
  it.jobs.pause(false);
  await expect.poll(() => it.log.at(-1)).toBe('begin a');
  await it.exporting.cancel(a);
  expect(it.shown(a)).toMatchObject({ state: 'cancelled', share: 0 });
});

test('other exports take the place of those that are being written', async () => {
  await using it = await lane();
  const a = it.add('a');
  it.done(a);
  await expect.poll(() => it.log).toEqual(['begin a']);
  await it.exporting.replace(
    a,
    orderedExports({ ...ORDER, exports: [{ kind: 'srt', pattern: '{name}.srt' }] }, { to: 'beside' }),
  );
  await expect.poll(() => it.log).toEqual(['begin a', 'end a', 'begin a']);
  expect(it.shown(a)).toMatchObject({ state: 'running', kinds: ['srt'] });
});

test('after the next start exports are made that were not, once somebody starts the queue; downloads are gone', async () => {
  await using it = await lane();
  const [a, b, c] = [it.add('a'), it.add('b', 'download'), it.add('c', 'download')];
  for (const id of [b, a, c]) it.done(id);
  await expect.poll(() => it.log).toEqual(['begin a']);
  it.finish.get('a')?.resolve(WRITTEN);
  await expect.poll(() => it.log.at(-1)).toBe('begin b');
  it.finish.get('b')?.resolve(WRITTEN);
  await expect.poll(() => it.log.at(-1)).toBe('begin c');
  await it.exporting[Symbol.asyncDispose]();
  await it.jobs.settled();
  const later = await it.openList();
  const states = later.all.map((job) => later.public(job).exports?.state ?? null);
  expect(states).toEqual(['done', null, 'waiting']);
  expect(later.queue.paused).toBe(true);
});
