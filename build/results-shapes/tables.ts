import { RANDOM_SEEDS } from '../results/figures.ts';
import { TRAINING_SEED } from '../results/short-training.ts';
import type { ResultOf, TableName } from './document.ts';
import type { Extent, Measuring } from './measuring.ts';
import { measureGumbel } from './tables/gumbel.ts';
import { MAP_SEED, measureMaps } from './tables/maps.ts';
import { measurePeers } from './tables/peers.ts';
import { measureRandom } from './tables/random.ts';
import { measureRewards } from './tables/rewards.ts';
import { CHANCE_SEED, measureThresholds } from './tables/thresholds.ts';

/** How one table is made. */
export interface Table<Name extends TableName> {
  measure(measuring: Measuring): Promise<Omit<ResultOf<Name>, 'formatVersion' | 'provenance'>>;
  /** Of all chance in it. */
  readonly seeds: readonly number[];
  /** What of the extent decides about it. */
  readonly extent: readonly (keyof Extent)[];
}

const TRAINED = ['images', 'steps', 'batch', 'learningRate'] as const;

export const TABLES: { readonly [Name in TableName]: Table<Name> } = {
  thresholds: { measure: measureThresholds, seeds: [CHANCE_SEED], extent: ['images'] },
  random: { measure: measureRandom, seeds: RANDOM_SEEDS, extent: ['images'] },
  peers: { measure: measurePeers, seeds: [], extent: ['images'] },
  maps: { measure: measureMaps, seeds: [MAP_SEED], extent: ['images'] },
  rewards: { measure: measureRewards, seeds: [TRAINING_SEED], extent: TRAINED },
  gumbel: { measure: measureGumbel, seeds: [TRAINING_SEED], extent: TRAINED },
};

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];
