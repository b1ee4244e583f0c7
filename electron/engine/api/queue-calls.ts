import type { EngineImplementation } from '#contract/engine-api.ts';
import { isOver } from '../jobs/job-list.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about the queue. */
export function queueCalls({ files, jobs, scheduler }: Workspace): EngineImplementation['queue'] {
  const inQueue = () => jobs.all.filter(({ record }) => record.lane === 'queue');
  return {
    list: () => ({ queue: jobs.queue, jobs: inQueue().map((job) => jobs.public(job)) }),

    add({ files: chosen, request }) {
      // All or none: a wrong id must not leave half of them behind.
      const paths = chosen.map((file) => files.path(file));
      const added = paths.map((path) => jobs.public(jobs.add({ path, lane: 'queue', request })));
      scheduler.wake();
      return added;
    },

    async pause() {
      const queue = jobs.pause(true);
      const running = inQueue().find(({ record }) => record.state === 'running');
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

    retry({ job: id }) {
      const { state } = jobs.get(id).record;
      const again = state === 'done';
      if (isOver(state) || state === 'interrupted') jobs.change(id, { state: 'queued', error: null, again });
      scheduler.wake();
      return jobs.public(jobs.get(id));
    },

    remove: ({ job }) => scheduler.remove(job),

    async clear() {
      for (const { record } of inQueue()) if (isOver(record.state)) await scheduler.remove(record.job);
    },
  };
}
