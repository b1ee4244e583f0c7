import type { Baseline } from './baseline.ts';
import { MaskAgreement, type MaskAgreementResult } from './mask-agreement.ts';
import type { ScoreFaithfulness } from './score-faithfulness.ts';

/** How one kind of score map did over a set of views; null where no view was judged that way. */
export interface MapResult {
  /** Mean areas under the curves. */
  readonly areas: {
    readonly views: number;
    /** Patches taken away, the highest score first: lower is better. */
    readonly deletion: Readonly<Record<Baseline, number>>;
    /** Patches given back: higher is better. */
    readonly insertion: Readonly<Record<Baseline, number>>;
  } | null;
  readonly agreement: (MaskAgreementResult & { readonly views: number }) | null;
}

/** Sums up how one kind of score map does: memory of a few numbers, and one for each masked view. */
export class MapTally {
  readonly #agreement = new MaskAgreement();
  readonly #sums = { deletion: { zero: 0, blur: 0 }, insertion: { zero: 0, blur: 0 } };
  #masked = 0;
  #curved = 0;

  addCurves(view: ScoreFaithfulness): void {
    for (const perturbation of ['deletion', 'insertion'] as const) {
      for (const baseline of ['zero', 'blur'] as const) {
        this.#sums[perturbation][baseline] += view[perturbation][baseline].auc;
      }
    }
    this.#curved++;
  }

  /** `map` and `mask` as {@link MaskAgreement.add} takes them. */
  addMask(map: Float32Array, mask: Uint8Array): void {
    this.#agreement.add(map, mask);
    this.#masked++;
  }

  result(): MapResult {
    const views = this.#curved;
    const mean = ({ zero, blur }: Record<Baseline, number>) => ({ zero: zero / views, blur: blur / views });
    const { deletion, insertion } = this.#sums;
    return {
      areas: views === 0 ? null : { views, deletion: mean(deletion), insertion: mean(insertion) },
      agreement: this.#masked === 0 ? null : { views: this.#masked, ...this.#agreement.result() },
    };
  }
}
