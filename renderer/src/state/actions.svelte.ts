import {
  type ActionInterval,
  actionIntervals,
  DEFAULT_INTERVAL_RULE,
  type IntervalRule,
  type TimeSpan,
} from '#contract/intervals.ts';
import { analysedClips, timelineClips } from '../timeline/timeline-clip.ts';
import type { Analysis } from './analysis.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Workspace } from './workspace.svelte.ts';

/** A slider that is being moved is remembered when it has rested for so long. */
const CALM_MS = 300;

/** The actions of the video on screen, by the rule that the user chose: the one that exports go by, too. */
export class Actions {
  readonly #analysis: Analysis;
  readonly #workspace: Workspace;
  /** What is being changed, before it is kept. */
  #draft = $state.raw<IntervalRule | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #wait: ReturnType<typeof setTimeout> | undefined;
  readonly #analysed = $derived.by(() => analysedClips(timelineClips(this.#analysis.clips, this.rule.basis)));
  readonly #intervals = $derived.by(() => actionIntervals(this.#analysed, this.rule));

  constructor(analysis: Analysis, workspace: Workspace) {
    this.#analysis = analysis;
    this.#workspace = workspace;
  }

  /** How clips become actions. A change is seen at once, and remembered a moment later. */
  get rule(): IntervalRule {
    return this.#draft ?? this.#workspace.settings?.intervals ?? DEFAULT_INTERVAL_RULE;
  }

  set rule(rule: IntervalRule) {
    this.#draft = rule;
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => void this.#keep(rule), CALM_MS);
  }

  /** Why the last change is not remembered. */
  get problem(): Problem | null {
    return this.#problem;
  }

  get intervals(): readonly ActionInterval[] {
    return this.#intervals;
  }

  /** The clips in which one clip and three have different winners. */
  get disagreements(): readonly TimeSpan[] {
    return this.#analysed.filter(({ agrees }) => agrees === false);
  }

  async #keep(intervals: IntervalRule): Promise<void> {
    try {
      await this.#workspace.change({ intervals });
      this.#problem = null;
    } catch (error) {
      this.#problem = problemOf(error);
    }
    if (this.#draft === intervals) this.#draft = null;
  }
}
