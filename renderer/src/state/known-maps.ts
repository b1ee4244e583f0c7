import type { Crop } from '#contract/analysis.ts';
import type { JobId } from '#contract/jobs.ts';
import type { ScoreMapName } from '#contract/score-maps.ts';

/** One score map of one clip. */
export interface ClipMap {
  readonly job: JobId;
  readonly clip: number;
  readonly map: ScoreMapName;
}

/** Scores of each view, `[patches·frames]`, patch-major. */
export type MapScores = ReadonlyMap<Crop, Float32Array>;

/** Three views of the base model take 20 kB. */
const MOST_MAPS = 256;

/** Score maps that were computed. Never changed: adding one gives others. Beyond `most` the oldest ones go. */
export class KnownMaps {
  readonly #most: number;
  readonly #scores: ReadonlyMap<string, MapScores>;

  constructor(most = MOST_MAPS, scores: ReadonlyMap<string, MapScores> = new Map()) {
    this.#most = most;
    this.#scores = scores;
  }

  get(of: ClipMap): MapScores | undefined {
    return this.#scores.get(keyOf(of));
  }

  with(of: ClipMap, scores: MapScores): KnownMaps {
    return new KnownMaps(this.#most, new Map([...this.#scores, [keyOf(of), scores] as const].slice(-this.#most)));
  }
}

const keyOf = ({ job, clip, map }: ClipMap) => `${job} ${clip} ${map}`;
