import type { Faithfulness } from '#contract/faithfulness.ts';
import type { ScoreMapName } from '#contract/score-maps.ts';
import type { AnalysisEngine } from '../../analysis/analyze.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { nothingEvaluated } from '../results.ts';
import type { VideoMaps } from './map-journal.ts';
import { mapResult } from './map-results.ts';

/**
 * The document about a whole data set, in its order whatever order the results came in.
 *
 * @throws NothingEvaluatedError when no video could be judged.
 */
export function faithfulnessReport(
  { path, videos, bad }: DataSet,
  maps: readonly ScoreMapName[],
  { model, runtime: { target } }: AnalysisEngine,
  outcomes: ReadonlyMap<number, VideoMaps>,
): Faithfulness {
  const { name, trained } = model.bundle.manifest;
  const all = videos.flatMap((video) => {
    const outcome = outcomes.get(video.index);
    return outcome === undefined ? [] : [{ video, outcome }];
  });
  const failures = all.flatMap(({ outcome }) => ('failure' in outcome ? [outcome.failure] : []));
  const judged = all.flatMap(({ video, outcome }) => ('failure' in outcome ? [] : [{ ...outcome, video }]));
  if (judged.length === 0) throw nothingEvaluated(failures);
  return {
    dataset: path,
    videos: videos.length,
    skipped: bad.length,
    model: { name, trained },
    device: { used: target.device, precision: target.precision },
    maps: maps.map((map) => {
      const { areas, agreement } = mapResult(judged.flatMap((one) => one.maps[map] ?? []));
      if (areas === null) throw new Error(`No curves of ${map}.`);
      return { map, deletion: areas.deletion, insertion: areas.insertion, agreement };
    }),
    perVideo: judged.map(({ video, predicted, maps: outcomesOfVideo }) => ({
      path: video.path,
      label: video.label,
      predicted,
      maps: maps.flatMap((map) => {
        const { areas, mask } = outcomesOfVideo[map] ?? { areas: null, mask: null };
        return areas === null ? [] : [{ map, ...areas, averagePrecision: mask?.averagePrecision ?? null }];
      }),
    })),
    failures,
  };
}
