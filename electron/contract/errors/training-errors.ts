import { PatchlightError } from './patchlight-error.ts';

/** The data set has entries that cannot be used, or is none. */
export class DataSetInvalidError extends PatchlightError {
  readonly code = 'data-set-invalid';
}

/** The progress that was kept belongs to other work than the one that should go on. */
export class ResumeMismatchError extends PatchlightError {
  readonly code = 'resume-mismatch';
}

/** Not one video of the data set could be judged. */
export class NothingEvaluatedError extends PatchlightError {
  readonly code = 'nothing-evaluated';
}

/** What an interrupted training left is damaged, or belongs to another model. */
export class TrainingCheckpointInvalidError extends PatchlightError {
  readonly code = 'training-checkpoint-invalid';
}

/** There is nothing that says what is right, and something is to be learnt from it. */
export class MissingLabelsError extends PatchlightError {
  readonly code = 'labels-missing';
}

/** The numbers of a training grew beyond all bounds. */
export class TrainingDivergedError extends PatchlightError {
  readonly code = 'training-diverged';
}

/** Another training works in the same folder. */
export class TrainingUnderWayError extends PatchlightError {
  readonly code = 'training-under-way';
}
