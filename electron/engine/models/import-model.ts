import type { ModelImport, ModelImportEvent } from '#contract/models.ts';
import type { Fetched } from '#native-models/bundle/manifest.ts';
import { newBundleDirectory, removeBundle } from '#native-models/bundle/store.ts';
import { type CheckedCheckpoint, importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { toldEvents } from '../jobs/told-events.ts';
import { diskFailure } from './disk-room.ts';
import { describeModel } from './list-models.ts';
import { architectureFacts } from './model-facts.ts';
import type { ModelHost } from './model-host.ts';
import { trialRun } from './trial-run.ts';

/** Bytes between two reports of progress. */
const REPORT_BYTES = 4 * 2 ** 20;

export interface ImportRequest extends Omit<ModelImport, 'file'> {
  /** What the model is, for people; from the source's name when left out. */
  readonly title?: string;
  readonly fetched?: Fetched;
}

/**
 * Imports a checkpoint, tries the model once, and tells how far it is. Nothing is left of an import that failed or was
 * cancelled, nor of a model that does not run.
 *
 * @param source A file, or the folder of a Hugging Face model.
 * @throws what importing and the trial throw, the signal's reason
 */
export async function* importModel(
  source: string,
  { name, ...options }: ImportRequest,
  host: ModelHost,
  signal: AbortSignal,
): AsyncGenerator<ModelImportEvent, void, undefined> {
  await newBundleDirectory(name, host.folders);
  let imported = false;
  let accepted = false;
  const work = async (tell: (event: ModelImportEvent) => void, stop: AbortSignal): Promise<ModelImportEvent> => {
    const { bundle, format, ignored, warnings } = await importCheckpoint(source, {
      ...options,
      name,
      directory: host.folders.user,
      signal: stop,
      onChecked: (checked) => tell(checkedEvent(checked)),
      onProgress: sparingly((bytesDone, bytesTotal) => tell({ type: 'progress', bytesDone, bytesTotal })),
    });
    imported = true;
    tell({ type: 'trial' });
    const trial = await trialRun(bundle, await host.runtime(), stop);
    const parts = { model: describeModel(bundle, 'user'), ignored: [...ignored], warnings: [...warnings] };
    return { type: 'done', ...parts, format, trial };
  };
  try {
    const done = yield* toldEvents(work, bothProgress, signal);
    accepted = true;
    yield done;
  } catch (thrown) {
    throw diskFailure(thrown);
  } finally {
    if (imported && !accepted) await removeBundle(name, host.folders);
  }
}

function checkedEvent({ format, parameters, selection, labels, labelsFrom, ...checked }: CheckedCheckpoint) {
  const { kind, input } = architectureFacts(checked.architecture, checked.sampling);
  return {
    ...{ type: 'checked' as const, format, kind, input, parameters, labelsFrom },
    classes: checked.architecture.classes,
    interpreter: selection !== null,
    firstLabels: labels.slice(0, 5),
  };
}

function bothProgress(later: ModelImportEvent, earlier: ModelImportEvent): boolean {
  return later.type === 'progress' && earlier.type === 'progress';
}

/** Passes on the last report and, of those before, one every few megabytes. */
function sparingly(
  report: (bytesDone: number, bytesTotal: number) => void,
): (bytesDone: number, bytesTotal: number) => void {
  let reported = 0;
  return (bytesDone, bytesTotal) => {
    if (bytesDone - reported < REPORT_BYTES && bytesDone < bytesTotal) return;
    reported = bytesDone;
    report(bytesDone, bytesTotal);
  };
}
