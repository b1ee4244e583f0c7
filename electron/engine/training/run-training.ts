import { join } from 'node:path';
import type { SelectionJudgement, TrainingReportEvent, TrainingStart } from '#contract/training.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { freshInterpreter, inputSelection, isInterpreter } from '#native-models/training/fresh-interpreter.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, type Phase, type PhasesOptions, trainPhases } from '#native-models/training/train-phases.ts';
import { HeldOutJudge } from './held-out-judge.ts';
import type { PreparedTraining } from './prepare-training.ts';
import { TrainingClips } from './training-clips.ts';
import { phasesOf } from './training-recipe.ts';
import { UnusableClips } from './unusable-clips.ts';
import { writeFittedBundle } from './write-fitted-bundle.ts';

/** Called while a model is judged, which gives no events: so many clips of one pass are through. */
export type OnJudging = (done: number, total: number) => void;

type Events<T> = AsyncGenerator<TrainingReportEvent, T, undefined>;

const PHASES_FOLDER = 'phases';

/**
 * Fits patch selection to a model and writes the result as a bundle: a stream of events that begins with `start` and ends
 * with `done`. What was learnt is kept in the training's folder, and the same training goes on from there.
 *
 * @throws ResumeMismatchError when the folder holds another training, TrainingDivergedError; what decoding and inference
 * throw; the signal's reason.
 */
export async function* runTraining(
  prepared: PreparedTraining,
  runtime: InferenceRuntime,
  onJudging: OnJudging = () => {},
): Events<void> {
  const { bundle, config, recipe, directory, target, signal } = prepared;
  const phases = phasesOf(recipe);
  const start = startOf(prepared, runtime, phases);
  yield { type: 'start', start };

  const { threshold } = recipe;
  const selection = { ...(bundle.manifest.selection ?? inputSelection(config, recipe)), threshold };
  const model = new SelectingModel({ runtime, config, selection, batchSize: recipe.batch });
  const begin = await beginningOf(prepared, model);
  const full = begin.backbone;
  const unusable = new UnusableClips(prepared.badData);
  using _listening = runtime.onWarning((warning) => unusable.warn(warning));
  await using clips = new TrainingClips({
    ...prepared,
    view: { size: config.imageSize, preprocessing: bundle.manifest.preprocessing, flip: recipe.flip },
    batchSize: recipe.batch,
    seed: recipe.seed,
    onBad: ({ video }, thrown) => unusable.add(video.path, thrown),
  });
  const judge = new HeldOutJudge({ prepared, model, full, unusable, onProgress: onJudging });

  const options: PhasesOptions = {
    model,
    start: begin,
    clips,
    labels: recipe.pseudoLabels ? { kind: 'full-model', backbone: full } : { kind: 'given' },
    phases,
    directory: join(directory, PHASES_FOLDER),
    signal,
  };
  const learnt = yield* learn(options, (parts) => judge.judge(parts, threshold), unusable);
  const { parts } = learnt;
  const calibration = recipe.agreement === null ? null : await judge.calibrate(parts, recipe.agreement);
  if (calibration !== null) yield { type: 'calibrated', calibration };
  const chosen = calibration?.threshold ?? threshold;
  const heldOut =
    chosen === threshold && learnt.judgement !== null ? learnt.judgement : await judge.judge(parts, chosen);
  yield* unusable.warnings();

  const { steps: _, ...known } = start;
  const data = { ...start.data, skipped: start.data.skipped + unusable.count };
  const { trainedSeconds } = learnt;
  const facts = { ...known, data, threshold: chosen, calibration, trainedSeconds, heldOut };
  const written = await writeFittedBundle(target, { source: bundle, parts, full, selection, facts }, signal);
  const { name } = written.manifest;
  yield { type: 'done', report: { ...facts, bundle: { name, directory: written.directory } } };
}

/**
 * Goes through the phases and judges the model after each.
 *
 * @returns What was learnt, how long that took, and what it is worth; `null` where the last phase was over before this
 * sitting.
 */
async function* learn(
  options: PhasesOptions,
  judge: (parts: ModelParts) => Promise<SelectionJudgement>,
  unusable: UnusableClips,
): Events<{
  readonly parts: ModelParts;
  readonly judgement: SelectionJudgement | null;
  readonly trainedSeconds: number;
}> {
  const total = stepsOf(options.phases);
  let judgement: SelectionJudgement | null = null;
  let trainedSeconds = 0;
  let before = 0;
  let wasOver = false;
  for await (const told of trainPhases(options)) {
    yield* unusable.warnings();
    if (told.kind === 'done') return { parts: told.parts, judgement, trainedSeconds };
    const phase = `${told.index + 1}-${told.phase.kind}`;
    if (told.kind === 'phase-done') {
      before += told.phase.training.steps;
      trainedSeconds += told.trainedSeconds;
      judgement = wasOver ? null : await judge(told.parts);
      if (judgement !== null) yield { type: 'judged', after: phase, judgement };
    } else if (told.event.kind === 'started') {
      const { step: resumedAt, steps } = told.event;
      wasOver = resumedAt === steps;
      yield { type: 'phase', phase, steps, resumedAt };
    } else if (told.event.kind === 'step') {
      const { step, running, stepsPerSecond } = told.event;
      yield { type: 'step', phase, done: before + step, total, running, stepsPerSecond };
    }
  }
  throw new Error('The training did not end.');
}

function startOf(
  { bundle, recipe, data }: PreparedTraining,
  { target }: InferenceRuntime,
  phases: readonly Phase[],
): TrainingStart {
  const { name, trained } = bundle.manifest;
  const device = { used: target.device, precision: target.precision };
  return { data, model: { name, trained }, device, recipe, steps: stepsOf(phases) };
}

function stepsOf(phases: readonly Phase[]): number {
  return phases.reduce((sum, { training }) => sum + training.steps, 0);
}

/** The weights of the bundle, and its interpreter or one that has learnt nothing. */
async function beginningOf(
  { bundle, config, recipe }: PreparedTraining,
  { selection }: SelectingModel,
): Promise<ModelParts> {
  const parameters = await bundleParameters(bundle);
  if (bundle.manifest.selection === null) {
    return { backbone: parameters, interpreter: freshInterpreter(config, selection, recipe.seed) };
  }
  return {
    backbone: parameters.only((name) => !isInterpreter(name)),
    interpreter: parameters.only(isInterpreter),
  };
}
