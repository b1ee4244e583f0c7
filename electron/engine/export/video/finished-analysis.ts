import type { Analysis, ClipResult, ViewScores } from '#contract/analysis.ts';

/** What an annotated video needs to know of an analysis. */
export interface FinishedAnalysis {
  readonly model: Pick<Analysis['model'], 'name' | 'imageSize' | 'patchSize' | 'trained'>;
  readonly settings: Pick<Analysis['settings'], 'selector'>;
  /** In the order of time. */
  readonly clips: readonly ClipResult[];
  /** The scores of a clip's views. Asked for once a clip and pass, so that not all of them have to be in memory. */
  scores(clip: ClipResult): Promise<readonly ViewScores[]>;
}
