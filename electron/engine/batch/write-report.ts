import { resolve } from 'node:path';
import { ExportUnavailableError, toErrorData } from '#contract/errors.ts';
import { type ReportEntry, reportPage } from '../export/report/report-page.ts';
import { storedSource } from '../export/stored-source.ts';
import { Draft, targetExists } from '../export/targets/draft.ts';
import { checkNotSource } from '../export/targets/target-path.ts';
import { PROGRAM_VERSION } from '../program-version.ts';
import type { Batch, VideoOutcome } from './export-video.ts';
import { receiptKey } from './receipts.ts';

/** What became of a video of a batch. */
export type BatchOutcome =
  | ({ readonly path: string; readonly state: 'analysed' } & VideoOutcome)
  | { readonly path: string; readonly state: 'failed'; readonly thrown: unknown };

/** As the source of a report of many videos: no path of a file is that. */
const MANY = '';

/** @throws TargetExistsError where there is a file already that is not an earlier report, unless it may be replaced */
export async function checkReport(
  file: string,
  { store, overwrite }: Pick<Batch, 'store' | 'overwrite'>,
): Promise<void> {
  const state = await store.receipts.stateOf(resolve(file), MANY, '');
  if (state === 'foreign' && !overwrite) throw targetExists(resolve(file));
}

/**
 * Writes one report of all videos of a batch, those that failed with the reason, unless it is there already as it would be.
 *
 * @returns whether it was written
 * @throws TargetExistsError, TargetInvalidError, UnwritableFileError, DiskFullError, what making pictures throws
 */
export async function writeReport(
  file: string,
  outcomes: readonly BatchOutcome[],
  batch: Batch,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<boolean> {
  const { store, settings, bundle, videos } = batch;
  const target = resolve(file);
  for (const { path } of outcomes) await checkNotSource(target, path);
  const entries = outcomes.map((outcome): ReportEntry => {
    if (outcome.state === 'failed') {
      return { state: 'failed', path: outcome.path, reason: toErrorData(outcome.thrown).message };
    }
    const open = async () => {
      const result = await store.open(outcome.key);
      try {
        const source = await storedSource({ result, video: await videos.look(outcome.path), bundle });
        return { ...source, [Symbol.asyncDispose]: () => result[Symbol.asyncDispose]() };
      } catch (thrown) {
        await result[Symbol.asyncDispose]();
        throw thrown;
      }
    };
    return { state: 'analysed', analysis: outcome.analysis, open };
  });
  if (!entries.some(({ state }) => state === 'analysed')) {
    throw new ExportUnavailableError('There is nothing to report: no video could be analysed.', {
      hint: 'See what is wrong with each of them above.',
    });
  }
  const parts = outcomes.map((outcome) => [outcome.path, outcome.state === 'analysed' ? outcome.key : null]);
  const reasons = entries.map((entry) => (entry.state === 'failed' ? entry.reason : null));
  const key = receiptKey({ version: PROGRAM_VERSION, kind: 'report', parts, reasons, settings });
  const state = await store.receipts.stateOf(target, MANY, key);
  if (state === 'current') return false;
  await using draft = await Draft.begin(target);
  await draft.write(reportPage(entries, settings, signal, onProgress), signal);
  await store.receipts.note(target, MANY, key, await draft.stamp());
  await draft.finish(batch.overwrite || state === 'outdated');
  return true;
}
