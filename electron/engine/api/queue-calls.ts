import type { EngineImplementation } from '#contract/engine-api.ts';
import type { ExportOrder } from '#contract/export-choice.ts';
import { begunAnew, type ExportsRecord, orderedExports } from '../jobs/job-exports.ts';
import { isOver, isThrough } from '../jobs/job-list.ts';
import { placeOf } from './exports/export-places.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about the queue. */
export function queueCalls({ files, jobs, scheduler, exportLane }: Workspace): EngineImplementation['queue'] {
  const inQueue = () => jobs.all.filter(({ record }) => record.lane === 'queue');
  const ordered = (order: ExportOrder): ExportsRecord => orderedExports(order, placeOf(order.destination, files));
  return {
    list: () => ({ queue: jobs.queue, jobs: inQueue().map((job) => jobs.public(job)) }),

    add({ files: chosen, request, exports: order }) {
      // All or none: a wrong id must not leave half of them behind.
      const paths = chosen.map((file) => files.path(file));
      const exports = order === null ? null : ordered(order);
      const added = paths.map((path) => jobs.public(jobs.add({ path, lane: 'queue', request, exports })));
      scheduler.wake();
      return added;
    },

    async pause() {
      const queue = jobs.pause(true);
      const running = inQueue().find(({ record }) => record.state === 'running');
      await exportLane.pause();
      if (running !== undefined) await scheduler.restart(running.record.job);
      return queue;
    },

    start() {
      for (const { record } of inQueue()) {
        if (record.state === 'interrupted') jobs.change(record.job, { state: 'queued' });
      }
      const queue = jobs.pause(false);
      scheduler.wake();
      return queue;
    },

    async retry({ job: id }) {
      const { state, exports } = jobs.get(id).record;
      if (isOver(state) || state === 'interrupted') {
        await exportLane.release(id);
        const anew = exports === null ? null : begunAnew(exports);
        jobs.change(id, { state: 'queued', error: null, again: state === 'done', exports: anew });
      }
      scheduler.wake();
      return jobs.public(jobs.get(id));
    },

    async remove({ job }) {
      await exportLane.release(job);
      await scheduler.remove(job);
    },

    async clear() {
      for (const job of inQueue()) if (isThrough(job)) await scheduler.remove(job.record.job);
    },

    async export({ jobs: ids, exports: order }) {
      // All or none, as when they are added.
      for (const id of ids) jobs.get(id);
      const exports = ordered(order);
      for (const id of ids) await exportLane.replace(id, exports);
      return ids.map((id) => jobs.public(jobs.get(id)));
    },

    async cancelExports({ job }) {
      await exportLane.cancel(job);
      return jobs.public(jobs.get(job));
    },
  };
}
