import { z } from 'zod';
import { type MaskAgreement, MaskAgreementSum, maskComparisonSchema } from './mask-agreement.ts';

/** 0 … 1, but for rounding. */
const area = z.number().min(0);
const byBaseline = z.strictObject({ zero: area, blur: area });

/** Areas under the curves of a score map. */
export const curveAreasSchema = z.strictObject({
  /** Patches taken away, the highest score first: lower is better. */
  deletion: byBaseline,
  /** Patches given back: higher is better. */
  insertion: byBaseline,
});
export type CurveAreas = z.infer<typeof curveAreasSchema>;

/** What came of one score map of one view; null where it was not judged that way. */
export const mapOutcomeSchema = z.strictObject({
  areas: curveAreasSchema.nullable(),
  mask: maskComparisonSchema.nullable(),
});
export type MapOutcome = z.infer<typeof mapOutcomeSchema>;

/** How one kind of score map did over a set of views; null where no view was judged that way. */
export interface MapResult {
  /** Means. */
  readonly areas: (CurveAreas & { readonly views: number }) | null;
  readonly agreement: (MaskAgreement & { readonly views: number }) | null;
}

/** Sums up what came of one kind of score map, view after view; none is kept. */
export class MapResultSum {
  readonly #areas = { views: 0, deletion: { zero: 0, blur: 0 }, insertion: { zero: 0, blur: 0 } };
  readonly #masks = new MaskAgreementSum();

  add({ areas, mask }: MapOutcome): void {
    if (mask !== null) this.#masks.add(mask);
    if (areas === null) return;
    this.#areas.views += 1;
    for (const perturbation of ['deletion', 'insertion'] as const) {
      this.#areas[perturbation].zero += areas[perturbation].zero;
      this.#areas[perturbation].blur += areas[perturbation].blur;
    }
  }

  result(): MapResult {
    const { views, deletion, insertion } = this.#areas;
    const mean = ({ zero, blur }: CurveAreas['deletion']) => ({ zero: zero / views, blur: blur / views });
    return {
      areas: views === 0 ? null : { views, deletion: mean(deletion), insertion: mean(insertion) },
      agreement: this.#masks.clips === 0 ? null : { views: this.#masks.clips, ...this.#masks.agreement() },
    };
  }
}

export function mapResult(outcomes: readonly MapOutcome[]): MapResult {
  const sum = new MapResultSum();
  for (const outcome of outcomes) sum.add(outcome);
  return sum.result();
}
