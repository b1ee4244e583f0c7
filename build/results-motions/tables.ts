import { RANDOM_SEEDS } from '../results/figures.ts';
import { TRAINING_SEED } from '../results/short-training.ts';
import type { ResultOf, TableName } from './document.ts';
import { CHANCE_SEED } from './judge-settings.ts';
import type { Extent, Measuring } from './measuring.ts';
import { measureGumbel } from './tables/gumbel.ts';
import { measureInterpreters } from './tables/interpreters.ts';
import { MAP_SEED, measureMasks } from './tables/masks.ts';
import { measureRandom } from './tables/random.ts';
import { measureRewards } from './tables/rewards.ts';
import { measureSingleFrame, SHUFFLE_SEED } from './tables/single-frame.ts';
import { measureThresholds } from './tables/thresholds.ts';
import { measureVideo } from './tables/video.ts';

/** How one table is made. */
export interface Table<Name extends TableName> {
  measure(measuring: Measuring): Promise<Omit<ResultOf<Name>, 'formatVersion' | 'provenance'>>;
  /** Of all chance in it. */
  readonly seeds: readonly number[];
  /** What of the extent decides about it, besides the clips. */
  readonly extent: readonly Exclude<keyof Extent, 'clips'>[];
}

const TRAINED = ['steps', 'batch', 'learningRate'] as const;

/** All tables; the quick ones come first. */
export const TABLES: { readonly [Name in TableName]: Table<Name> } = {
  thresholds: { measure: measureThresholds, seeds: [CHANCE_SEED], extent: [] },
  random: { measure: measureRandom, seeds: RANDOM_SEEDS, extent: [] },
  video: { measure: measureVideo, seeds: [CHANCE_SEED], extent: [] },
  'single-frame': { measure: measureSingleFrame, seeds: [SHUFFLE_SEED], extent: [] },
  masks: { measure: measureMasks, seeds: [MAP_SEED], extent: ['curveClips'] },
  rewards: { measure: measureRewards, seeds: [TRAINING_SEED, CHANCE_SEED], extent: TRAINED },
  gumbel: { measure: measureGumbel, seeds: [TRAINING_SEED, CHANCE_SEED], extent: TRAINED },
  interpreters: { measure: measureInterpreters, seeds: [TRAINING_SEED, CHANCE_SEED], extent: TRAINED },
};

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];
