import { DataSetInvalidError } from '#contract/errors.ts';
import type { Calibration, SelectionJudgement } from '#contract/training.ts';
import { calibrateThreshold } from '#native-models/training/calibrate-threshold.ts';
import { type JudgedBatch, judgeSelection } from '#native-models/training/judge-selection.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import type { SelectingModel } from '#native-models/training/selecting-model.ts';
import type { ModelParts } from '#native-models/training/train-phases.ts';
import { type AnalysedClip, analysedClips, analysisViews } from './analysis-views.ts';
import type { PreparedTraining } from './prepare-training.ts';
import type { UnusableClips } from './unusable-clips.ts';

/** So many clips judge a model, and choose its threshold, at most: each is answered several times. */
const MOST_JUDGING = 256;
const MOST_CALIBRATING = 128;

export interface HeldOutJudgeOptions {
  readonly prepared: PreparedTraining;
  readonly model: SelectingModel;
  /** The full model that selection is to agree with: its backbone. */
  readonly full: ParameterSet;
  readonly unusable: UnusableClips;
  /** Told how many clips of one pass are through. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Judges what was learnt, on clips as an analysis sees them: by videos that are not learnt from. */
export class HeldOutJudge {
  readonly #options: HeldOutJudgeOptions;
  readonly #heldOut: readonly AnalysedClip[];

  constructor(options: HeldOutJudgeOptions) {
    const { heldOut, decoded } = options.prepared;
    this.#options = options;
    this.#heldOut = analysedClips(heldOut, decoded.timing, MOST_JUDGING);
  }

  /** @throws DataSetInvalidError when not one of the clips can be decoded any more. */
  async judge(parts: ModelParts, threshold: number): Promise<SelectionJudgement> {
    const { prepared, model, full } = this.#options;
    const { recipe, signal } = prepared;
    const batches = this.#views(this.#heldOut);
    const judgement = await judgeSelection({ model, parts, full, threshold, batches, seed: recipe.seed, signal });
    if (judgement.clips > 0) return judgement;
    throw new DataSetInvalidError('Not one clip of the videos held out can be decoded.', {
      hint: 'Check that the videos play, and train again.',
    });
  }

  /** Chooses the threshold, by training videos: those held out shall not know it. */
  calibrate(parts: ModelParts, agreement: number): Promise<Calibration> {
    const { prepared, model, full } = this.#options;
    const { recipe, training, decoded, signal } = prepared;
    const clips = analysedClips(training, decoded.timing, MOST_CALIBRATING);
    const batches = () => this.#views(clips);
    return calibrateThreshold({ model, parts, full, batches, threshold: recipe.threshold, agreement, signal });
  }

  async *#views(clips: readonly AnalysedClip[]): AsyncGenerator<JudgedBatch, void, undefined> {
    const { prepared, unusable, onProgress } = this.#options;
    const { config, bundle, recipe } = prepared;
    let done = 0;
    const views = analysisViews({
      ...prepared,
      clips,
      size: config.imageSize,
      preprocessing: bundle.manifest.preprocessing,
      batchSize: recipe.batch,
      onBad: ({ video }, thrown) => unusable.add(video.path, thrown),
    });
    for await (const batch of views) {
      yield batch;
      done += batch.count;
      onProgress(done, clips.length);
    }
  }
}
