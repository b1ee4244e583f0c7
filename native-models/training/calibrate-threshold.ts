import type { JudgedBatch } from './judge-selection.ts';
import type { ParameterSet } from './parameter-set.ts';
import { greedyPolicy, outcomesOf, summaryOf } from './policies.ts';
import type { SelectingModel } from './selecting-model.ts';
import type { ModelParts } from './train-phases.ts';

export interface CalibrationOptions {
  readonly model: SelectingModel;
  readonly parts: ModelParts;
  /** The full model that selection is to agree with: its backbone. */
  readonly full: ParameterSet;
  /** Clips that were learnt from, or others; never those that judge the result. The same at every call. */
  readonly batches: () => AsyncIterable<JudgedBatch>;
  /** The threshold that selection was trained with: it is never raised. */
  readonly threshold: number;
  /** Share of answers that are to be the full model's, 0 … 1. */
  readonly agreement: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Calibration {
  readonly threshold: number;
  /** What it gives on the clips it was chosen by. */
  readonly agreement: number;
  readonly keepRatio: number;
}

/** Thresholds that are considered keep so many shares of all tokens: 1/16, 2/16 … */
const STEPS = 16;
/** A threshold of so many digits can be read and typed, and tells apart what a model tells apart. */
const DIGITS = 1e6;

/**
 * The highest threshold, at most the present one, at which the kept tokens give the full model's answer as often as asked
 * (*project decision*: the paper moves the threshold by hand, table 2). Found by halving the shares of kept tokens, on the
 * assumption that more tokens agree more; what is returned was measured.
 *
 * Where not even all tokens agree as often, because the backbone was changed, it is the threshold that agrees most.
 */
export async function calibrateThreshold(options: CalibrationOptions): Promise<Calibration> {
  const { agreement: wanted, threshold: present } = options;
  const { answers, sortedScores } = await firstLook(options);
  const first = await attempt(present, answers, options);
  if (first.agreement >= wanted) return first;

  const candidates = lowerThresholds(sortedScores, present);
  const everything = await attempt(0, answers, options);
  if (everything.agreement < wanted) return first.agreement > everything.agreement ? first : everything;
  let best = everything;
  for (let [fails, works] = [-1, candidates.length]; works - fails > 1; ) {
    const middle = Math.floor((fails + works) / 2);
    const tried = await attempt(candidates[middle] ?? 0, answers, options);
    if (tried.agreement >= wanted) [best, works] = [tried, middle];
    else fails = middle;
  }
  return best;
}

/** The full model's answer to every clip, batch by batch, and how all tokens are scored. */
async function firstLook({ model, parts, full, batches, signal }: CalibrationOptions) {
  const answers: Uint32Array[] = [];
  const scores: Float32Array[] = [];
  for await (const { clips, count } of batches()) {
    const teacher = [full, parts.interpreter];
    const { tokens } = await model.look(teacher, clips, signal);
    answers.push((await model.answer(teacher, tokens, null, signal)).subarray(0, count));
    const impression = await model.look([parts.backbone, parts.interpreter], clips, signal);
    scores.push(impression.scores.subarray(0, count * model.tokenCount));
  }
  const sortedScores = new Float32Array(scores.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of scores) {
    sortedScores.set(some, at);
    at += some.length;
  }
  return { answers, sortedScores: sortedScores.sort() };
}

async function attempt(
  threshold: number,
  answers: readonly Uint32Array[],
  { model, parts, batches, signal }: CalibrationOptions,
): Promise<Calibration> {
  const all = [parts.backbone, parts.interpreter];
  const outcomes = [];
  let index = 0;
  for await (const { clips } of batches()) {
    const right = answers[index++] ?? new Uint32Array();
    const { tokens, scores } = await model.look(all, clips, signal);
    const policy = greedyPolicy(scores, threshold);
    const given = await model.answer(all, tokens, policy, signal);
    outcomes.push(...outcomesOf(policy.subarray(0, right.length * model.tokenCount), given, right));
  }
  const { accuracy, keepRatio } = summaryOf(outcomes);
  return { threshold, agreement: accuracy, keepRatio };
}

/** Below the present one and above 0, each higher than the next. */
function lowerThresholds(sortedScores: Float32Array, present: number): readonly number[] {
  const dropping = (share: number) => sortedScores[Math.floor((1 - share) * sortedScores.length)] ?? 0;
  const candidates = Array.from(
    { length: STEPS - 1 },
    (_, i) => Math.floor(DIGITS * dropping((i + 1) / STEPS)) / DIGITS,
  );
  return [...new Set(candidates.filter((candidate) => candidate > 0 && candidate < present))];
}
