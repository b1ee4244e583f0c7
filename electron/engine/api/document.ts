import type { Analysis } from '#contract/analysis.ts';
import { JobUnavailableError } from '#contract/errors.ts';
import type { OpenResult } from '../store/result-store.ts';

/**
 * A stored result as the document that `analyze --json` writes.
 *
 * @throws JobUnavailableError when the analysis is not complete
 */
export async function documentOf({ facts, clips }: OpenResult): Promise<Analysis> {
  if (!facts?.outcome) {
    throw new JobUnavailableError('That analysis is not finished yet.', { hint: 'Resume it, and wait for its end.' });
  }
  const results: Analysis['clips'] = [];
  for (let record = 0; record < clips.count; record++) results.push((await clips.read(record)).clip);
  results.sort((a, b) => a.index - b.index);
  const { video, model, settings, warnings, outcome } = facts;
  return { video: { ...video, warnings }, model, settings, clips: results, ...outcome };
}
