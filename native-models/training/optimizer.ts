import { AdamW, type AdamWSettings } from './adamw.ts';
import { Muon, type MuonSettings } from './muon.ts';
import type { Orthogonalizer } from './orthogonalizer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { Sgd, type SgdSettings } from './sgd.ts';

export type OptimizerSettings = AdamWSettings | MuonSettings | SgdSettings;

/** What one update works with. */
export interface Update {
  /** Changed in place. */
  readonly parameters: ParameterSet;
  /** Of the same names and shapes. */
  readonly gradients: ParameterSet;
  readonly learningRate: number;
  /** Updates before this one. */
  readonly step: number;
}

/** Turns gradients into better parameters. */
export interface Optimizer {
  /** Everything that it remembers from one update to the next: whoever saves and restores these restores it. */
  readonly memory: ReadonlyMap<string, ParameterSet>;
  update(update: Update): void | Promise<void>;
}

/**
 * An optimiser for tensors like those in `parameters`, with no memory of earlier updates.
 *
 * @param orthogonalizer What Muon works with.
 */
export function createOptimizer(
  settings: OptimizerSettings,
  parameters: ParameterSet,
  orthogonalizer?: Orthogonalizer,
): Optimizer {
  switch (settings.kind) {
    case 'adamw':
      return new AdamW(settings, parameters);
    case 'muon':
      if (orthogonalizer === undefined) throw new RangeError('This task cannot be trained with Muon.');
      return new Muon(settings, parameters, orthogonalizer);
    case 'sgd':
      return new Sgd(settings, parameters);
  }
}
