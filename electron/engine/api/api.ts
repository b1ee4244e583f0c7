import type { ControlImplementation } from '#contract/control-api.ts';
import type { EngineEvent, EngineImplementation } from '#contract/engine-api.ts';
import { storageUse } from '../store/storage-use.ts';
import { analysisCalls } from './analysis-calls.ts';
import { deviceCalls } from './device-calls.ts';
import { exportCalls } from './export-calls.ts';
import { imageCalls } from './image-calls.ts';
import { modelCalls } from './model-calls.ts';
import { queueCalls } from './queue-calls.ts';
import { videoCalls } from './video-calls.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask of the engine. */
export function engineCalls(workspace: Workspace): EngineImplementation {
  const { hub, notices, settings, recent, jobs, models, scheduler } = workspace;

  const standing = (): EngineEvent[] => [
    { type: 'settings', settings: settings.value },
    { type: 'recent', videos: recent.all },
    { type: 'queue', queue: jobs.queue },
    ...jobs.all.map((job) => ({ type: 'job' as const, job: jobs.public(job) })),
    ...notices.all.map((notice) => ({ type: 'notice' as const, notice })),
    { type: 'all-told' },
  ];

  return {
    engine: {
      events: (_, { signal }) => hub.listen(standing, signal),
      dismissNotice: ({ id }) => notices.dismiss(id),
    },
    videos: videoCalls(workspace),
    analysis: analysisCalls(workspace),
    images: imageCalls(workspace),
    queue: queueCalls(workspace),
    models: modelCalls(workspace),
    devices: deviceCalls(workspace),
    exports: exportCalls(workspace),
    settings: {
      read: () => settings.value,
      async change(change) {
        const before = settings.value;
        const after = settings.change(change);
        if (change.storage !== undefined) workspace.tidy();
        const elsewhere = (['device', 'precision', 'threads'] as const).some((name) => before[name] !== after[name]);
        if (elsewhere) {
          // What runs goes on from where it is, on the other device.
          using _hold = await scheduler.hold();
          await models.reset();
        }
        return after;
      },
    },
    storage: {
      use: (_, { signal }) => storageUse(workspace.home, signal),
    },
  };
}

/** What the process that owns the windows may ask of the engine. */
export function controlCalls(workspace: Workspace, finish: () => Promise<void>): ControlImplementation {
  const { files } = workspace;
  return {
    control: {
      grant: ({ path, temporary }) => files.grant(path, temporary),
      locate: ({ file }) => ({ path: files.path(file) }),
      dataFolder: () => ({ path: workspace.home }),
      finish,
    },
  };
}
