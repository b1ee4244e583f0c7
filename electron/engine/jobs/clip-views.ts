import { JobUnavailableError } from '#contract/errors.ts';
import type { AnalysisEngine } from '../analysis/analyze.ts';
import type { ClipView } from '../analysis/clip-view.ts';
import { embedClip } from '../analysis/embed-clip.ts';
import type { KnownVideos } from '../files/known-videos.ts';
import type { ResultKey } from '../store/result-store.ts';
import type { LiveJob } from './job-list.ts';
import { settingsOf } from './run-job.ts';
import type { ViewCache } from './view-cache.ts';

/** Where views of clips are, and where the others come from. */
interface ViewSources {
  readonly videos: KnownVideos;
  readonly views: ViewCache;
}

/**
 * All views of one clip of an analysis, between stem and trunk: those that it left behind, or made anew, and left for the
 * next one who asks.
 *
 * @throws JobUnavailableError before the analysis has begun, what {@link embedClip} throws, the signal's reason
 */
export async function clipViews(
  { videos, views }: ViewSources,
  job: LiveJob,
  index: number,
  engine: AnalysisEngine,
  signal?: AbortSignal,
): Promise<readonly [ClipView, ...ClipView[]]> {
  const { result } = begunKey(job);
  const settings = settingsOf(job, engine);
  const left = views.get(result, index, settings.views);
  if (left !== null) return left;
  const { info } = await videos.look(job.record.path);
  const made = await embedClip(info, index, engine.model, settings, signal);
  for (const view of made) views.add(result, view);
  return made;
}

/**
 * Names the result that a job computes.
 *
 * @throws JobUnavailableError before its video has been looked at
 */
export function begunKey({ record }: LiveJob): ResultKey {
  if (record.key !== null) return record.key;
  throw new JobUnavailableError('That analysis has not begun yet.', { hint: 'Wait for its first clip.' });
}
