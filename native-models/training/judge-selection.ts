import type { ClipBatch } from './clip-source.ts';
import type { ParameterSet } from './parameter-set.ts';
import { greedyPolicy, meanOf, type Policy } from './policies.ts';
import { RandomStream } from './random-stream.ts';
import type { SelectingModel } from './selecting-model.ts';
import type { ModelParts } from './train-phases.ts';

/** A batch that is judged. The last of a data set may be filled up to the size of the others. */
export interface JudgedBatch extends ClipBatch {
  /** The first so many clips count. */
  readonly count: number;
}

/** What a selection is worth on some clips, one view each. Shares are of the clips, 0 … 1. */
export interface SelectionJudgement {
  readonly clips: number;
  /** Answers on the kept tokens that are those of the full model on all tokens. */
  readonly agreement: number;
  /** The same for as many tokens of each clip, chosen by chance. */
  readonly randomAgreement: number;
  /** Kept patch tokens over all, mean over the clips. */
  readonly keepRatio: number;
  /** Right answers, where the classes are known. */
  readonly right: {
    /** Of the full model on all tokens. */
    readonly full: number;
    readonly selected: number;
    readonly random: number;
  } | null;
}

export interface JudgeSelectionOptions {
  readonly model: SelectingModel;
  /** The model in training. */
  readonly parts: ModelParts;
  /** The full model that selection is to agree with: its backbone. */
  readonly full: ParameterSet;
  /** Tokens that score above it are kept. */
  readonly threshold: number;
  readonly batches: AsyncIterable<JudgedBatch>;
  /** Chooses the tokens that are kept by chance. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one clip. */
interface JudgedClip {
  readonly keepRatio: number;
  readonly full: number;
  readonly selected: number;
  readonly random: number;
  readonly label: number | null;
}

/**
 * Answers every clip three times: the full model on all tokens, and the model in training on those that its interpreter
 * keeps and on as many that chance keeps. Many ways of selecting tokens hardly beat chance (arXiv 2411.13626), so no figure
 * of a selection should stand without that one.
 */
export async function judgeSelection(options: JudgeSelectionOptions): Promise<SelectionJudgement> {
  const { model, parts, full, threshold, seed, signal } = options;
  const { tokenCount } = model;
  const judged: JudgedClip[] = [];
  let index = 0;
  for await (const batch of options.batches) {
    const random = RandomStream.seeded(seed, index++);
    const teacher = [full, parts.interpreter];
    const whole = await model.look(teacher, batch.clips, signal);
    const right = await model.answer(teacher, whole.tokens, null, signal);
    const all = [parts.backbone, parts.interpreter];
    const { tokens, scores } = parts.backbone === full ? whole : await model.look(all, batch.clips, signal);
    const policy = greedyPolicy(scores, threshold);
    const selected = await model.answer(all, tokens, policy, signal);
    const byChance = await model.answer(all, tokens, asManyByChance(policy, tokenCount, random), signal);
    for (let clip = 0; clip < batch.count; clip++) {
      judged.push({
        keepRatio: meanOf(policy.subarray(clip * tokenCount, (clip + 1) * tokenCount)),
        full: right[clip] ?? 0,
        selected: selected[clip] ?? 0,
        random: byChance[clip] ?? 0,
        label: batch.labels?.[clip] ?? null,
      });
    }
  }
  return summaryOf(judged);
}

function summaryOf(judged: readonly JudgedClip[]): SelectionJudgement {
  const shareOf = (is: (clip: JudgedClip) => boolean) => meanOf(judged.map((clip) => Number(is(clip))));
  const labelled = judged.length > 0 && judged.every(({ label }) => label !== null);
  return {
    clips: judged.length,
    agreement: shareOf(({ selected, full }) => selected === full),
    randomAgreement: shareOf(({ random, full }) => random === full),
    keepRatio: meanOf(judged.map(({ keepRatio }) => keepRatio)),
    right: labelled
      ? {
          full: shareOf(({ full, label }) => full === label),
          selected: shareOf(({ selected, label }) => selected === label),
          random: shareOf(({ random, label }) => random === label),
        }
      : null,
  };
}

/** Of each clip as many tokens as `policy` keeps, each of them equally likely. */
function asManyByChance(policy: Policy, tokenCount: number, random: RandomStream): Policy {
  const chosen = new Float32Array(policy.length);
  for (let begin = 0; begin < policy.length; begin += tokenCount) {
    const kept = policy.subarray(begin, begin + tokenCount).reduce((sum, one) => sum + one, 0);
    for (const token of random.permutation(tokenCount).subarray(0, kept)) chosen[begin + token] = 1;
  }
  return chosen;
}
