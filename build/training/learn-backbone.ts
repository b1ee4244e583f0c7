import { join } from 'node:path';
import { UsageError } from '#contract/errors.ts';
import { type BackbonePhaseOptions, backbonePhase } from '#native-models/training/backbone-phase.ts';
import type { MaskedBatch } from '#native-models/training/clip-source.ts';
import { parallelTask } from '#native-models/training/parallel-task.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { withoutReadOuts } from '#native-models/training/region-read-outs.ts';
import { train } from '#native-models/training/train-loop.ts';
import type { ModelParts } from '#native-models/training/train-phases.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import { type BackboneStage, backboneRecipe, backboneStages, backboneTraining } from './backbone-stages.ts';
import { settlePlan } from './plan.ts';
import { stepShares, stepsOf } from './step-shares.ts';
import { type Events, type ModelTrainingOptions, modelOn, samplesFor } from './training.ts';

/** Where the stages of the backbone are kept, and what comes out of them is called. */
export const BACKBONE = 'backbone';

/**
 * Trains the backbone, stage by stage, and settles how long the whole training is.
 *
 * @returns The trained backbone, how many steps the whole training has, and what the backbone's took.
 */
export async function* learnBackbone(
  start: ModelParts,
  options: ModelTrainingOptions,
): Events<{ readonly backbone: ParameterSet; readonly steps: number; readonly backboneSeconds: number }> {
  const { course, budget, directory, signal } = options;
  const { recipe } = course;
  const stages = backboneStages(course);
  const shares = stepShares(course);
  let { backbone } = start;
  let backboneSeconds = 0;
  const measure = async () => {
    const [stage] = stages;
    if (stage === undefined) {
      throw new UsageError('How many steps selection takes is not known before it begins.', { hint: 'Give --steps.' });
    }
    await using clips = samplesFor(0, options);
    const seconds = await secondsPerStep(stageTask(stage, backbone, clips, options), signal);
    return (seconds / stage.seen) * shares.meanCost;
  };
  const { steps, resumed } = await settlePlan(directory, recipe, budget, measure);
  yield { kind: 'planned', steps, resumed };
  for (const [i, stage] of stages.entries()) {
    await using clips = samplesFor(recipe.firstStage - 1 + i, options);
    const task = stageTask(stage, backbone, clips, options);
    const training = backboneTraining(recipe, stage, stepsOf(shares.backbone[i] ?? 0, steps));
    const name = `${BACKBONE} ${stage.name}`;
    for await (const event of train(task, training, { signal, directory: join(directory, BACKBONE, stage.name) })) {
      if (event.kind !== 'done') yield { kind: 'phase', name, event };
      else {
        backbone = event.parameters;
        backboneSeconds += event.trainedSeconds;
      }
    }
  }
  return { backbone: withoutReadOuts(backbone), steps, backboneSeconds };
}

function stageTask(
  stage: BackboneStage,
  backbone: ParameterSet,
  clips: BackbonePhaseOptions['clips'],
  { course, replicas }: ModelTrainingOptions,
): TrainingTask<readonly MaskedBatch[]> {
  return parallelTask(
    replicas.map((runtime) => {
      const model = modelOn(runtime, course);
      return backbonePhase({ model, backbone, clips, ...backboneRecipe(course.recipe, stage, model.tokenCount) });
    }),
  );
}

/** The mean over a few steps, after one that makes the session. */
async function secondsPerStep<Batch>(task: TrainingTask<Batch>, signal: AbortSignal | undefined): Promise<number> {
  const measured = 3;
  let started = performance.now();
  for (let index = 0; index <= measured; index++) {
    const batch = await task.batch(index);
    signal?.throwIfAborted();
    await task.step(task.initial, batch, RandomStream.seeded(0), signal);
    if (index === 0) started = performance.now();
  }
  return (performance.now() - started) / 1000 / measured;
}
