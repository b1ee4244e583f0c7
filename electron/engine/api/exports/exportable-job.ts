import { ExportUnavailableError, JobUnavailableError } from '#contract/errors.ts';
import type { JobId } from '#contract/jobs.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { resolveSettings } from '../../analysis/settings.ts';
import type { ExportSource } from '../../export/export-source.ts';
import { storedSource } from '../../export/stored-source.ts';
import { resultKey } from '../../jobs/result-key.ts';
import type { ResultKey } from '../../store/result-store.ts';
import type { Workspace } from '../workspace.ts';

/** A job that is done, with everything that exports are made from. Dispose of it to close its result. */
export interface ExportableJob extends AsyncDisposable {
  readonly job: JobId;
  readonly key: ResultKey;
  readonly source: ExportSource;
  /** Its video is a copy that goes away with the program. */
  readonly isTemporary: boolean;
}

/** @throws JobUnavailableError when it is not done; ExportUnavailableError when its model or its video is another one by now */
export async function openExportableJob(workspace: Workspace, id: JobId): Promise<ExportableJob> {
  const { jobs, models, videos, results, files } = workspace;
  const { key, path, request, state } = jobs.get(id).record;
  if (key === null || state !== 'done') {
    throw new JobUnavailableError('That analysis is not finished yet.', { hint: 'Resume it, and wait for its end.' });
  }
  const [bundle, video] = await Promise.all([resolveBundle(request.model, models.folders), videos.look(path)]);
  const now = resultKey(key.content, bundle.manifest, resolveSettings(bundle.manifest, request));
  if (now.result !== key.result) {
    throw new ExportUnavailableError(`The model ${request.model} is another one than the video was analysed with.`, {
      hint: 'Analyse the video again.',
    });
  }
  const result = await results.open(key);
  try {
    const source = await storedSource({ result, video, bundle });
    const { file } = files.remember(path);
    const isTemporary = files.isTemporary(file);
    return { job: id, key, source, isTemporary, [Symbol.asyncDispose]: () => result[Symbol.asyncDispose]() };
  } catch (thrown) {
    await result[Symbol.asyncDispose]();
    throw thrown;
  }
}
