import type { ModelImport, ModelImportEvent } from '#contract/models.ts';
import { newBundleDirectory, removeBundle } from '#native-models/bundle/store.ts';
import { importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { describeModel } from './list-models.ts';
import type { ModelHost } from './model-host.ts';
import { trialRun } from './trial-run.ts';

/** Bytes between two reports of progress. */
const REPORT_BYTES = 4 * 2 ** 20;

/**
 * Imports a checkpoint, tries the model once, and tells how far it is. Nothing is left of an import that failed or was
 * cancelled, nor of a model that does not run.
 *
 * @param source A file, or the folder of a Hugging Face model.
 * @throws what importing and the trial throw, the signal's reason
 */
export async function* importModel(
  source: string,
  { name, licence, ...hints }: Omit<ModelImport, 'file'>,
  host: ModelHost,
  signal: AbortSignal,
): AsyncGenerator<ModelImportEvent, void, undefined> {
  await newBundleDirectory(name, host.folders);
  const left = new AbortController();
  const progress = new LatestProgress();
  const importing = importCheckpoint(source, {
    ...hints,
    ...(licence === undefined ? {} : { licence }),
    name,
    directory: host.folders.user,
    signal: AbortSignal.any([signal, left.signal]),
    onProgress: (done, total) => progress.note(done, total),
  });
  let accepted = false;
  try {
    const over = importing.then(() => true);
    while (!(await Promise.race([over, progress.next().then(() => false)])))
      yield { type: 'progress', ...progress.latest };
    const { bundle, format, ignored, warnings } = await importing;
    yield { type: 'trial' };
    const isVideoModel = bundle.manifest.architecture.kind === 'timesformer';
    const trial = isVideoModel ? await trialRun(bundle, await host.runtime(), signal) : null;
    accepted = true;
    const parts = { model: describeModel(bundle, 'user'), ignored: [...ignored], warnings: [...warnings] };
    yield { type: 'done', ...parts, format, trial };
  } finally {
    if (!accepted) {
      left.abort();
      const imported = await importing.then(
        () => true,
        () => false,
      );
      if (imported) await removeBundle(name, host.folders);
    }
  }
}

/** How far an import is, for a reader that may be slower than the import. */
class LatestProgress {
  latest = { bytesDone: 0, bytesTotal: 0 };
  #wake = () => {};

  note(bytesDone: number, bytesTotal: number): void {
    if (bytesDone - this.latest.bytesDone < REPORT_BYTES && bytesDone < bytesTotal) return;
    this.latest = { bytesDone, bytesTotal };
    this.#wake();
  }

  /** Fulfilled at the next report. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
