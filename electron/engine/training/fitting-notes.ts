import { basename } from 'node:path';
import type { SelectionJudgement } from '#contract/training.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { FittingFacts } from './write-fitted-bundle.ts';

/** What the model is called for people: one that had selection before keeps its title. */
export function fittedTitle({ manifest: { title, selection } }: Bundle): string {
  return selection === null ? `${title}, with patch selection`.slice(0, 200) : title;
}

/** Paragraphs for the card of a model to which selection was fitted: data, recipe, results. */
export function fittingNotes({ manifest }: Bundle, facts: FittingFacts): string[] {
  return [dataNote(facts), recipeNote(manifest.name, facts), resultNote(facts)];
}

function dataNote({ data, recipe }: FittingFacts): string {
  const { path, trainingVideos, heldOutVideos, clips, skipped } = data;
  const left = skipped === 0 ? '' : ` ${skipped} that could not be used were left out.`;
  const labels = recipe.pseudoLabels
    ? 'Their classes were not used: what the full model says on all patches counted as right.'
    : 'Their classes are those of the data set.';
  return `**Data.** \`${basename(path).replaceAll('`', "'")}\`: ${trainingVideos} videos to learn from (${clips} clips an epoch) and ${heldOutVideos} to judge by.${left} ${labels}`;
}

function recipeNote(source: string, { recipe, calibration, threshold, trainedSeconds, device }: FittingFacts): string {
  const { policySteps, fineTuneSteps, rounds, batch, accumulate, interpreter, estimator, reward, tau } = recipe;
  const clips = Number(batch) * Number(accumulate);
  const turns = rounds === 1 ? '' : `, in ${rounds} turns`;
  const tuned =
    fineTuneSteps === 0
      ? '; its other weights are unchanged'
      : `, then ${fineTuneSteps} steps of its blocks on the patches that are kept`;
  const chosen =
    calibration === null
      ? ''
      : ` The threshold (${threshold}) is the highest at which ${percent(Number(recipe.agreement))} of training clips are answered as by the full model, or the one of training where that was lower.`;
  const estimated = estimator === 'gumbel' ? 'straight-through Gumbel' : 'REINFORCE';
  const time = `${formatMinutes(trainedSeconds)} on ${device.used}`;
  return `**Recipe.** \`patchlight train\` on \`${source}\`, ${time}: ${policySteps} steps of ${clips} clips for the interpreter (${interpreter}) by ${estimated} on the reward (${reward}, τ ${tau})${turns}${tuned}.${chosen}`;
}

function formatMinutes(seconds: number): string {
  const minutes = seconds / 60;
  return minutes < 90 ? `${Math.max(1, Math.round(minutes))} min` : `${(minutes / 60).toFixed(1)} h`;
}

function resultNote({ heldOut }: FittingFacts): string {
  return `**Results** on ${heldOut.clips} clips of the videos held out, one view each: ${resultSentence(heldOut)}`;
}

/** What a judgement says, beside chance. */
function resultSentence({ agreement, randomAgreement, keepRatio, right }: SelectionJudgement): string {
  const agreed = `with ${percent(keepRatio)} of the patches the answer is the full model's on ${percent(agreement)}, with as many chosen by chance on ${percent(randomAgreement)}.`;
  if (right === null) return agreed;
  return `${agreed} Right are ${percent(right.full)} with all patches, ${percent(right.selected)} with those kept, ${percent(right.random)} with as many chosen by chance.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
