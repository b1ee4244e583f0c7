import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { analysisRequestSchema } from '#contract/analysis-request.ts';
import { BundleNotFoundError } from '#contract/errors.ts';
import { FileRegistry } from '#engine/files/file-registry.ts';
import { JobList, type LiveJob } from '#engine/jobs/job-list.ts';
import { Scheduler } from '#engine/jobs/scheduler.ts';
import { EventHub } from '#engine/store/event-hub.ts';
import { NoticeBoard } from '#engine/store/notice-board.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const request = analysisRequestSchema.parse({ model: 'tiny' });

/** A scheduler whose jobs are done when the test says so. */
async function scheduled() {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'jobs.json');
  const hub = new EventHub();
  const notices = new NoticeBoard(hub);
  const openList = () => JobList.open(path, hub, new FileRegistry('key'), notices);
  const jobs = await openList();
  const log: string[] = [];
  const finish = new Map<string, (thrown?: unknown) => void>();
  const nameOf = (job: LiveJob) => job.record.path;
  const scheduler = new Scheduler(jobs, async (job, signal) => {
    log.push(`begin ${nameOf(job)}`);
    const work = Promise.withResolvers<void>();
    finish.set(nameOf(job), (thrown) => (thrown === undefined ? work.resolve() : work.reject(thrown)));
    const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason));
    aborted.catch(() => {});
    try {
      await Promise.race([work.promise, aborted]);
      log.push(`done ${nameOf(job)}`);
    } catch (thrown) {
      log.push(`stop ${nameOf(job)}`);
      throw thrown;
    }
  });
  const add = (name: string, lane: 'screen' | 'queue') => {
    const job = jobs.add({ path: name, lane, request });
    scheduler.wake();
    return job.record.job;
  };
  const done = async (name: string, thrown?: unknown) => {
    finish.get(name)?.(thrown);
    await settle();
  };
  const stateOf = (id: string) => jobs.get(id).record.state;
  return {
    jobs,
    scheduler,
    log,
    add,
    done,
    stateOf,
    notices,
    openList,
    [Symbol.asyncDispose]: async () => {
      await scheduler.finish();
      await jobs.settled();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const settle = async () => {
  for (let i = 0; i < 10; i++) await turn();
};

describe('one job at a time', () => {
  test('the queue goes on in order, past what fails', async () => {
    await using it = await scheduled();
    const [a, b, c] = [it.add('a', 'queue'), it.add('b', 'queue'), it.add('c', 'queue')];
    expect([a, b, c].map(it.stateOf)).toEqual(['running', 'queued', 'queued']);
    await it.done('a');
    await it.done('b', new BundleNotFoundError('There is no model called tiny.', { hint: 'Import it.' }));
    await it.done('c');
    expect(it.log).toEqual(['begin a', 'done a', 'begin b', 'stop b', 'begin c', 'done c']);
    expect([a, b, c].map(it.stateOf)).toEqual(['done', 'failed', 'done']);
    expect(it.jobs.get(b).record.error).toEqual({
      code: 'bundle-not-found',
      message: 'There is no model called tiny.',
      hint: 'Import it.',
    });
  });

  test('what is on screen comes before the queue, which goes on afterwards', async () => {
    await using it = await scheduled();
    const a = it.add('a', 'queue');
    const screen = it.add('screen', 'screen');
    await settle();
    expect([it.stateOf(a), it.stateOf(screen)]).toEqual(['queued', 'running']);
    await it.done('screen');
    await it.done('a');
    expect(it.log).toEqual(['begin a', 'stop a', 'begin screen', 'done screen', 'begin a', 'done a']);
  });

  test('of the screen the one that is looked at comes first', async () => {
    await using it = await scheduled();
    const [one, two] = [it.add('one', 'screen'), it.add('two', 'screen')];
    await settle();
    expect([it.stateOf(one), it.stateOf(two)]).toEqual(['queued', 'running']);
    it.jobs.lookAt(one);
    it.scheduler.wake();
    await settle();
    expect([it.stateOf(one), it.stateOf(two)]).toEqual(['running', 'queued']);
  });
});

describe('stopping', () => {
  test('a job that runs or waits is cancelled, and the next one begins', async () => {
    await using it = await scheduled();
    const [a, b, c] = [it.add('a', 'queue'), it.add('b', 'queue'), it.add('c', 'queue')];
    await it.scheduler.cancel(b);
    await it.scheduler.cancel(a);
    expect([a, b, c].map(it.stateOf)).toEqual(['cancelled', 'cancelled', 'running']);
    await it.done('c');
    // What is over stays what it is.
    await it.scheduler.cancel(c);
    expect(it.stateOf(c)).toBe('done');
  });

  test('a job that runs is removed', async () => {
    await using it = await scheduled();
    const [a, b] = [it.add('a', 'queue'), it.add('b', 'queue')];
    await it.scheduler.remove(a);
    expect(() => it.jobs.get(a)).toThrow(expect.objectContaining({ code: 'job-unavailable' }));
    await settle();
    expect(it.stateOf(b)).toBe('running');
  });

  test('a paused queue begins nothing, what is on screen runs', async () => {
    await using it = await scheduled();
    it.jobs.pause(true);
    const a = it.add('a', 'queue');
    const screen = it.add('screen', 'screen');
    await it.done('screen');
    expect([it.stateOf(a), it.stateOf(screen)]).toEqual(['queued', 'done']);
    it.jobs.pause(false);
    it.scheduler.wake();
    expect(it.stateOf(a)).toBe('running');
  });

  test('nothing runs while it is held', async () => {
    await using it = await scheduled();
    const a = it.add('a', 'queue');
    const hold = await it.scheduler.hold();
    it.add('screen', 'screen');
    await settle();
    expect(it.log).toEqual(['begin a', 'stop a']);
    expect(it.stateOf(a)).toBe('queued');
    hold[Symbol.dispose]();
    expect(it.log.at(-1)).toBe('begin screen');
  });
});

describe('after the next start', () => {
  test('what ran is interrupted, with a notice; the queue waits to be started', async () => {
    await using it = await scheduled();
    const [a, b] = [it.add('/videos/a.mp4', 'queue'), it.add('/videos/b.mp4', 'queue')];
    const done = it.add('/videos/c.mp4', 'screen');
    await settle();
    await it.done('/videos/c.mp4');
    await it.jobs.settled();
    // Read while the first engine still runs: as after a crash.
    const later = await it.openList();
    expect([a, b, done].map((id) => later.get(id).record.state)).toEqual(['interrupted', 'queued', 'done']);
    expect(later.queue.paused).toBe(true);
    expect(it.notices.all).toMatchObject([
      { code: 'work-interrupted', jobs: [a], message: expect.stringContaining('a.mp4') },
    ]);
  });

  test('without anything unfinished there is no notice', async () => {
    await using it = await scheduled();
    it.add('a', 'queue');
    await it.done('a');
    await it.jobs.settled();
    expect((await it.openList()).queue.paused).toBe(false);
    expect(it.notices.all).toEqual([]);
  });

  test('finishing in order leaves what ran interrupted', async () => {
    await using it = await scheduled();
    const a = it.add('a', 'queue');
    await it.scheduler.finish();
    expect(it.stateOf(a)).toBe('interrupted');
    it.add('b', 'queue');
    expect(it.log).toEqual(['begin a', 'stop a']);
  });
});
