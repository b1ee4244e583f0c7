import { RANDOM_SEEDS } from '../results/figures.ts';
import type { ResultOf, TableName } from './document.ts';
import type { Measuring } from './measuring.ts';
import { measureRandom } from './tables/random.ts';
import { CHANCE_SEED, measureThresholds } from './tables/thresholds.ts';

/** How one table is made. */
export interface Table<Name extends TableName> {
  measure(measuring: Measuring): Promise<Omit<ResultOf<Name>, 'formatVersion' | 'provenance'>>;
  /** Of all chance in it. */
  readonly seeds: readonly number[];
}

export const TABLES: { readonly [Name in TableName]: Table<Name> } = {
  thresholds: { measure: measureThresholds, seeds: [CHANCE_SEED] },
  random: { measure: measureRandom, seeds: RANDOM_SEEDS },
};

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];
