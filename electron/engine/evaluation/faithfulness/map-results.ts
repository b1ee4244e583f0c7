import { z } from 'zod';
import type { Baseline } from './baseline.ts';
import { type MaskAgreement, maskAgreement, maskComparisonSchema } from './mask-agreement.ts';

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

/** Sums up what came of one kind of score map. */
export function mapResult(outcomes: readonly MapOutcome[]): MapResult {
  const areas = outcomes.map((outcome) => outcome.areas).filter((one) => one !== null);
  const masks = outcomes.map((outcome) => outcome.mask).filter((one) => one !== null);
  const mean = (perturbation: keyof CurveAreas, baseline: Baseline) =>
    areas.reduce((sum, one) => sum + one[perturbation][baseline], 0) / areas.length;
  const means = (perturbation: keyof CurveAreas) => ({
    zero: mean(perturbation, 'zero'),
    blur: mean(perturbation, 'blur'),
  });
  return {
    areas:
      areas.length === 0 ? null : { views: areas.length, deletion: means('deletion'), insertion: means('insertion') },
    agreement: masks.length === 0 ? null : { views: masks.length, ...maskAgreement(masks) },
  };
}
