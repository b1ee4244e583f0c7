import type { SelectionJudgement, TrainingReport, TrainingReportEvent, TrainingStart } from '#contract/training.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { calibrateThreshold } from '#native-models/training/calibrate-threshold.ts';
import { freshInterpreter, inputSelection, isInterpreter } from '#native-models/training/fresh-interpreter.ts';
import { judgeSelection } from '#native-models/training/judge-selection.ts';
import type { LabelSource } from '#native-models/training/right-answers.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, type Phase, trainPhases } from '#native-models/training/train-phases.ts';
import { type AnalysedClip, analysedClips, analysisViews } from './analysis-views.ts';
import type { PreparedTraining } from './prepare-training.ts';
import { TrainingClips } from './training-clips.ts';
import { phasesOf } from './training-recipe.ts';
import { UnusableClips } from './unusable-clips.ts';
import { writeFittedBundle } from './write-fitted-bundle.ts';

/** So many clips judge a model, and choose its threshold, at most: each is answered several times. */
const MOST_JUDGING = 256;
const MOST_CALIBRATING = 128;

type Events<T> = AsyncGenerator<TrainingReportEvent, T, undefined>;

/**
 * Fits patch selection to a model and writes the result as a bundle: a stream of events that begins with `start` and ends
 * with `done`. What was learnt is kept in the training's folder, and the same training goes on from there.
 *
 * @throws ResumeMismatchError when the folder holds another training, TrainingDivergedError; what decoding and inference
 * throw; the signal's reason.
 */
export async function* runTraining(prepared: PreparedTraining, runtime: InferenceRuntime): Events<void> {
  const { bundle, config, recipe, data, directory, target, signal } = prepared;
  const phases = phasesOf(recipe);
  const start = startOf(prepared, runtime, phases);
  yield { type: 'start', start };

  const selection = {
    ...(bundle.manifest.selection ?? inputSelection(config, recipe.threshold)),
    threshold: recipe.threshold,
  };
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
  const labels: LabelSource = recipe.pseudoLabels ? { kind: 'full-model', backbone: full } : { kind: 'given' };

  const judge = (parts: ModelParts, threshold: number) => {
    const batches = viewsOf(analysedClips(prepared.heldOut, prepared.decoded.timing, MOST_JUDGING));
    return judgeSelection({ model, parts, full, threshold, batches, seed: recipe.seed, signal });
  };
  const viewsOf = (wanted: readonly AnalysedClip[]) =>
    analysisViews({
      ...prepared,
      clips: wanted,
      size: config.imageSize,
      preprocessing: bundle.manifest.preprocessing,
      batchSize: recipe.batch,
      onBad: ({ video }, thrown) => unusable.add(video.path, thrown),
    });

  const learnt = yield* learn();
  let { heldOut } = learnt;
  const { parts } = learnt;
  let calibration: TrainingReport['calibration'] = null;
  if (recipe.agreement !== null) {
    const chosen = analysedClips(prepared.training, prepared.decoded.timing, MOST_CALIBRATING);
    const { threshold, agreement } = recipe;
    const batches = () => viewsOf(chosen);
    calibration = await calibrateThreshold({ model, parts, full, batches, threshold, agreement, signal });
    yield { type: 'calibrated', calibration };
    if (calibration.threshold !== threshold || heldOut === null) heldOut = await judge(parts, calibration.threshold);
  }
  const threshold = calibration?.threshold ?? recipe.threshold;
  heldOut ??= await judge(parts, threshold);
  yield* unusable.warnings();

  const report = { ...reportable(start), data: { ...data, skipped: data.skipped + unusable.count } };
  const facts = { ...report, threshold, calibration, heldOut };
  const written = await writeFittedBundle(target, { source: bundle, parts, full, selection, facts }, signal);
  const { name } = written.manifest;
  yield { type: 'done', report: { ...facts, bundle: { name, directory: written.directory } } };

  /** Goes through the phases; `heldOut` is null where the last one was over before this sitting. */
  async function* learn(): Events<{
    readonly parts: ModelParts;
    readonly heldOut: SelectionJudgement | null;
  }> {
    let heldOut: SelectionJudgement | null = null;
    let before = 0;
    let wasOver = false;
    const options = { model, start: begin, clips, labels, phases, directory: `${directory}/phases`, signal };
    for await (const event of trainPhases(options)) {
      yield* unusable.warnings();
      if (event.kind === 'done') return { parts: event.parts, heldOut };
      const phase = nameOf(event.index, event.phase);
      if (event.kind === 'phase-done') {
        before += event.phase.training.steps;
        heldOut = wasOver ? null : await judge(event.parts, recipe.threshold);
        if (heldOut !== null) yield { type: 'judged', after: phase, judgement: heldOut };
      } else if (event.event.kind === 'started') {
        const { step: resumedAt, steps } = event.event;
        wasOver = resumedAt === steps;
        yield { type: 'phase', phase, steps, resumedAt };
      } else if (event.event.kind === 'step') {
        const { step, running, stepsPerSecond } = event.event;
        yield { type: 'step', phase, done: before + step, total: start.steps, running, stepsPerSecond };
      }
    }
    throw new Error('The training did not end.');
  }
}

function startOf(
  { bundle, recipe, data }: PreparedTraining,
  { target }: InferenceRuntime,
  phases: readonly Phase[],
): TrainingStart {
  const { name, trained } = bundle.manifest;
  return {
    data,
    model: { name, trained },
    device: { used: target.device, precision: target.precision },
    recipe,
    steps: phases.reduce((sum, { training }) => sum + training.steps, 0),
  };
}

function reportable({ steps: _, ...rest }: TrainingStart) {
  return rest;
}

function nameOf(index: number, { kind }: Phase): string {
  return `${index + 1}-${kind}`;
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
