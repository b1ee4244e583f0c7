import type { MapComparison } from '#contract/interpretation.ts';
import { mapResult } from '../evaluation/faithfulness/map-results.ts';
import type { JudgedMap } from './judge-image.ts';

/** Sums up how maps did over several images; null where none was judged. */
export function compareMaps(images: readonly ReadonlyMap<string, JudgedMap>[]): MapComparison | null {
  const names = [...new Set(images.flatMap((maps) => [...maps.keys()]))];
  const judged = images.filter((maps) =>
    [...maps.values()].some(({ mask, curves }) => mask !== null || curves !== null),
  );
  if (judged.length === 0) return null;
  return {
    images: judged.length,
    maps: names.map((map) => {
      const outcomes = judged.flatMap((maps) => maps.get(map) ?? []);
      const { areas, agreement: mean } = mapResult(
        outcomes.map(({ mask, curves }) => ({ areas: curves, mask: mask?.mean ?? null })),
      );
      const { agreement: otsu } = mapResult(outcomes.map(({ mask }) => ({ areas: null, mask: mask?.otsu ?? null })));
      return {
        map,
        masks:
          mean === null || otsu === null
            ? null
            : { images: mean.views, mean, otsu, averagePrecision: mean.averagePrecision },
        curves: areas === null ? null : { deletion: areas.deletion, insertion: areas.insertion },
      };
    }),
  };
}
