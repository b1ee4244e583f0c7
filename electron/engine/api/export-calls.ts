import { basename } from 'node:path';
import type { EngineImplementation } from '#contract/engine-api.ts';
import { EXPORT_FORMATS } from '../export/formats.ts';
import { planExports } from './exports/plan-exports.ts';
import { runExports } from './exports/run-exports.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about exports. */
export function exportCalls(workspace: Workspace): EngineImplementation['exports'] {
  const { exportFolder, exportPreviews, files, jobs } = workspace;
  return {
    formats: () => EXPORT_FORMATS.map((format) => ({ ...format, suffixes: [...format.suffixes] })),
    plan: (request) => planExports(workspace, request),
    run: (request, { signal }) => runExports(workspace, request, signal),

    preview(request, { signal }) {
      const { changedAt } = jobs.get(request.job).record;
      return exportPreviews.picture({ ...request, version: String(changedAt) }, signal);
    },

    keepFolder: ({ folder }) => exportFolder.remember(files.path(folder)),

    async folder() {
      const path = await exportFolder.path();
      return path === null ? null : { ...files.remember(path), name: basename(path), path };
    },
  };
}
