import { join } from 'node:path';
import type { ClipBatch, ClipSource } from './clip-source.ts';
import { type FineTunePhaseOptions, fineTunePhase } from './fine-tune-phase.ts';
import type { ParameterSet } from './parameter-set.ts';
import { type PolicyPhaseOptions, policyPhase } from './policy-phase.ts';
import type { LabelSource } from './right-answers.ts';
import type { SelectingModel } from './selecting-model.ts';
import { type TrainingEvent, type TrainingOptions, train } from './train-loop.ts';
import type { TrainingSettings } from './training-settings.ts';
import type { TrainingTask } from './training-task.ts';

/** What is learnt in one phase, and how. */
export type Phase =
  | (Pick<PolicyPhaseOptions, 'group' | 'reward' | 'explorationBound' | 'entropyBonus' | 'estimator'> & {
      readonly kind: 'policy';
      readonly training: TrainingSettings;
    })
  | (Pick<FineTunePhaseOptions, 'group' | 'tokens' | 'trained' | 'labelSmoothing'> & {
      readonly kind: 'fine-tune';
      readonly training: TrainingSettings;
    });

/** A model in training: its parts change from phase to phase. */
export interface ModelParts {
  readonly backbone: ParameterSet;
  /** One interpreter for each group. */
  readonly interpreter: ParameterSet;
}

export interface PhasesOptions extends TrainingOptions {
  readonly model: SelectingModel;
  readonly start: ModelParts;
  readonly clips: ClipSource;
  readonly labels: LabelSource;
  readonly phases: readonly Phase[];
}

export type PhasesEvent =
  | {
      readonly kind: 'phase';
      /** Counted from 0. */
      readonly index: number;
      readonly phase: Phase;
      /** What {@link train} tells of it. */
      readonly event: Exclude<TrainingEvent, { readonly kind: 'done' }>;
    }
  | {
      readonly kind: 'phase-done';
      readonly index: number;
      readonly phase: Phase;
      readonly parts: ModelParts;
      /** Spent on its steps, over all sittings. */
      readonly trainedSeconds: number;
    }
  | { readonly kind: 'done'; readonly parts: ModelParts };

/**
 * Trains in phases, each of which begins with what the one before has learnt: algorithm 1 of IA-RED² is one policy and
 * one fine-tune phase for each group ({@link curriculum}), and the two may alternate.
 *
 * Each phase is kept in a folder of its own below `directory`, so an interrupted training goes on in the phase that it was
 * in: those before give their results at once.
 *
 * @throws as {@link train} does.
 */
export async function* trainPhases(options: PhasesOptions): AsyncGenerator<PhasesEvent, void, void> {
  const { phases, directory, signal, checkpointEvery } = options;
  let parts = options.start;
  for (const [index, phase] of phases.entries()) {
    const folder = directory === undefined ? undefined : join(directory, `${index + 1}-${phase.kind}`);
    const task = taskOf(phase, parts, options);
    let trainedSeconds = 0;
    for await (const event of train(task, phase.training, { signal, checkpointEvery, directory: folder })) {
      if (event.kind !== 'done') yield { kind: 'phase', index, phase, event };
      else {
        parts = improved(phase, parts, event.parameters);
        trainedSeconds = event.trainedSeconds;
      }
    }
    yield { kind: 'phase-done', index, phase, parts, trainedSeconds };
  }
  yield { kind: 'done', parts };
}

function taskOf(phase: Phase, parts: ModelParts, { model, clips, labels }: PhasesOptions): TrainingTask<ClipBatch> {
  const common = { model, clips, labels, ...parts };
  return phase.kind === 'policy' ? policyPhase({ ...common, ...phase }) : fineTunePhase({ ...common, ...phase });
}

function improved({ kind }: Phase, { backbone, interpreter }: ModelParts, learnt: ParameterSet): ModelParts {
  return kind === 'policy'
    ? { backbone, interpreter: interpreter.with(learnt) }
    : { backbone: backbone.with(learnt), interpreter };
}
