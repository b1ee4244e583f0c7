import type { MapComparison } from '#contract/interpretation.ts';
import { MapResultSum } from '../evaluation/faithfulness/map-results.ts';
import type { JudgedMap } from './judge-image.ts';

/** Sums up how maps did, image after image; none is kept. */
export class MapComparisonSum {
  readonly #maps = new Map<string, { readonly mean: MapResultSum; readonly otsu: MapResultSum }>();
  #images = 0;

  add(judged: ReadonlyMap<string, JudgedMap>): void {
    if ([...judged.values()].some(({ mask, curves }) => mask !== null || curves !== null)) this.#images += 1;
    for (const [name, { mask, curves }] of judged) {
      const sums = this.#maps.get(name) ?? { mean: new MapResultSum(), otsu: new MapResultSum() };
      this.#maps.set(name, sums);
      sums.mean.add({ areas: curves, mask: mask?.mean ?? null });
      sums.otsu.add({ areas: null, mask: mask?.otsu ?? null });
    }
  }

  /** Null where no image was judged. */
  comparison(): MapComparison | null {
    if (this.#images === 0) return null;
    return {
      images: this.#images,
      maps: [...this.#maps].map(([map, sums]) => {
        const { areas, agreement: mean } = sums.mean.result();
        const { agreement: otsu } = sums.otsu.result();
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
}
