import { UsageError } from '#contract/errors.ts';
import type { InterpreterKind, Manifest } from '#native-models/bundle/manifest.ts';
import type { TrainingRecipe } from './training-recipe.ts';

/** What a user asks of a training; what is left out has a default. */
export interface TrainingRequest
  extends Pick<
    TrainingRecipe,
    | 'pseudoLabels'
    | 'rounds'
    | 'batch'
    | 'accumulate'
    | 'estimator'
    | 'reward'
    | 'exploration'
    | 'entropy'
    | 'learningRate'
    | 'fineTuneLearningRate'
    | 'flip'
    | 'heldOut'
    | 'seed'
  > {
  /** Of both phases together. */
  readonly steps?: number | undefined;
  /** The same in passes over the training clips. */
  readonly epochs?: number | undefined;
  /** The model's own when left out, or one that sees a token by itself. */
  readonly interpreter?: InterpreterKind | undefined;
  readonly policySteps?: number | undefined;
  readonly fineTuneSteps?: number | undefined;
  readonly tau?: number | undefined;
  readonly threshold?: number | undefined;
  readonly agreement?: number | undefined;
}

/** The paper's for video: five epochs of the policy phase and one of the fine-tune phase. */
const EPOCHS = 6;
const FINE_TUNE_SHARE = 1 / 6;
/** Small data sets are gone through more often: fewer steps teach nothing. */
const FEWEST_STEPS = 600;

/** The paper's price of a wrong answer, and one that was found to keep a model's answers better (see the README). */
const TAU = { given: 1, pseudo: 4 } as const;
const PAPER_THRESHOLD = 0.5;
const PSEUDO_LABEL_AGREEMENT = 0.97;

/**
 * Fills in what was left out.
 *
 * With pseudo-labels the backbone stays as it is unless fine-tuning is asked for: it is right by definition, and few videos
 * teach it little.
 *
 * @param clips Training clips of an epoch.
 * @throws UsageError when there is nothing to learn, or when the model cannot have the interpreter.
 */
export function resolveRecipe(request: TrainingRequest, manifest: Manifest, clips: number): TrainingRecipe {
  const { selection } = manifest;
  const { pseudoLabels, epochs, batch, accumulate } = request;
  const stepsOf = (passes: number) => Math.ceil((passes * clips) / (batch * accumulate));
  const total =
    request.steps ?? (epochs === undefined ? Math.max(FEWEST_STEPS, stepsOf(EPOCHS)) : Math.max(1, stepsOf(epochs)));
  const tuned = pseudoLabels ? 0 : FINE_TUNE_SHARE;
  const policySteps = request.policySteps ?? total - Math.round(tuned * total);
  const fineTuneSteps = request.fineTuneSteps ?? Math.round((tuned / (1 - tuned)) * policySteps);
  if (policySteps + fineTuneSteps === 0) throw new UsageError('There is no step to make.');
  if (policySteps === 0 && selection === null) {
    throw new UsageError('The model has no interpreter to choose the patches that it would be fine-tuned on.', {
      hint: 'Leave out --policy-steps 0.',
    });
  }
  const { rounds, estimator, reward, exploration, entropy, learningRate, fineTuneLearningRate, flip, heldOut, seed } =
    request;
  const agreement = request.agreement ?? (pseudoLabels ? PSEUDO_LABEL_AGREEMENT : 0);
  return {
    pseudoLabels,
    policySteps,
    fineTuneSteps,
    rounds,
    batch,
    accumulate,
    estimator,
    interpreter: interpreterOf(request, manifest),
    reward,
    tau: request.tau ?? (pseudoLabels ? TAU.pseudo : TAU.given),
    threshold: request.threshold ?? selection?.threshold ?? PAPER_THRESHOLD,
    agreement: agreement === 0 ? null : agreement,
    exploration,
    entropy,
    learningRate,
    fineTuneLearningRate,
    flip,
    heldOut,
    seed,
  };
}

function interpreterOf({ interpreter }: TrainingRequest, { selection, architecture }: Manifest): InterpreterKind {
  const own = selection === null ? null : (selection.interpreter ?? 'token');
  if (interpreter !== undefined && own !== null && interpreter !== own) {
    throw new UsageError(`The model has a ${own} interpreter already, not a ${interpreter} one.`, {
      hint: 'Leave out --interpreter, or begin with a model that has none.',
    });
  }
  const chosen = interpreter ?? own ?? 'token';
  if (chosen === 'motion-aware' && (architecture.kind !== 'timesformer' || architecture.numFrames < 2)) {
    throw new UsageError('A motion-aware interpreter compares frames, and the model sees only one.', {
      hint: 'Use --interpreter token.',
    });
  }
  return chosen;
}
