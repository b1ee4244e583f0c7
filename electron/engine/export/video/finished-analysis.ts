import type { Analysis, ClipResult, ViewScores } from '#contract/analysis.ts';
import { recordedScores } from '../../store/recorded-clip.ts';
import type { ExportSource } from '../export-source.ts';

/** What an annotated video needs to know of an analysis. */
export interface FinishedAnalysis {
  readonly model: Pick<Analysis['model'], 'name' | 'imageSize' | 'patchSize' | 'trained'>;
  readonly settings: Pick<Analysis['settings'], 'selector'>;
  /** In the order of time. */
  readonly clips: readonly ClipResult[];
  /** The scores of a clip's views. Asked for once a clip and pass, so that not all of them have to be in memory. */
  scores(clip: ClipResult): Promise<readonly ViewScores[]>;
}

/** A stored analysis as an annotated video needs it. */
export function finishedAnalysis(source: ExportSource): FinishedAnalysis {
  const { model, settings, clips } = source.analysis;
  return { model, settings, clips, scores: async ({ index }) => recordedScores(await source.clip(index)) };
}
