import type { Analysis, ClipResult } from '#contract/analysis.ts';
import { JobUnavailableError } from '#contract/errors.ts';
import type { OpenResult } from '../store/result-store.ts';

/** A clip, and the record of the result that it lies in. */
export interface PlacedClip {
  readonly record: number;
  readonly clip: ClipResult;
}

/** The clips of a result in the order of time: they were recorded in the order in which they were finished. */
export async function placedClips({ clips }: OpenResult): Promise<readonly PlacedClip[]> {
  const placed: PlacedClip[] = [];
  for (let record = 0; record < clips.count; record++) placed.push({ record, clip: (await clips.read(record)).clip });
  return placed.sort((a, b) => a.clip.index - b.clip.index);
}

/**
 * A stored result as the document that `analyze --json` writes.
 *
 * @param placed Its clips, where they are at hand.
 * @throws JobUnavailableError when the analysis is not complete
 */
export async function documentOf(result: OpenResult, placed?: readonly PlacedClip[]): Promise<Analysis> {
  const { facts } = result;
  if (!facts?.outcome) {
    throw new JobUnavailableError('That analysis is not finished yet.', { hint: 'Resume it, and wait for its end.' });
  }
  const clips = (placed ?? (await placedClips(result))).map(({ clip }) => clip);
  const { video, model, settings, warnings, outcome } = facts;
  return { video: { ...video, warnings }, model, settings, clips, ...outcome };
}
