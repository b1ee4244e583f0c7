import {
  type ActionInterval,
  actionIntervals,
  DEFAULT_INTERVAL_RULE,
  type IntervalRule,
  type TimeSpan,
} from '#contract/intervals.ts';
import { analysedClips, timelineClips } from '../timeline/timeline-clip.ts';
import type { Analysis } from './analysis.svelte.ts';

/** The actions of the video on screen, by the rule that the user chose. */
export class Actions {
  readonly #analysis: Analysis;
  /** How clips become actions. */
  rule = $state.raw<IntervalRule>(DEFAULT_INTERVAL_RULE);
  readonly #analysed = $derived.by(() => analysedClips(timelineClips(this.#analysis.clips, this.rule.basis)));
  readonly #intervals = $derived.by(() => actionIntervals(this.#analysed, this.rule));

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  get intervals(): readonly ActionInterval[] {
    return this.#intervals;
  }

  /** The clips in which one clip and three have different winners. */
  get disagreements(): readonly TimeSpan[] {
    return this.#analysed.filter(({ agrees }) => agrees === false);
  }
}
