import { join } from 'node:path';
import { z } from 'zod';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { DrawnBatches } from '#native-models/training/drawn-batches.ts';
import { freshInterpreter, isInterpreter } from '#native-models/training/fresh-interpreter.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { greedyPolicy, outcomesOf, type Policy, summaryOf } from '#native-models/training/policies.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import type { Outcome } from '#native-models/training/reward.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import { shareSchema } from '../results/figures.ts';
import { type ShortTrainingWay, shortPhase, TRAINING_SAMPLES, TRAINING_SEED } from '../results/short-training.ts';
import type { Measuring } from './measuring.ts';

/** The interpreter that short trainings are about: the first that sees what blocks have made of the image. */
const GROUP = 1;

export const SHORT_TRAINING_NOTE =
  "Each row is a short training of a second interpreter of its own, from random weights and without a fine-tune phase; the bundle's backbone and first interpreter are held fixed, and the third group keeps what the second keeps. The rows compare with each other, not with the bundle's own interpreters.";

/** What an interpreter of a short training is worth at the threshold that it was trained for. */
export const shortRowSchema = z.strictObject({
  error: shareSchema,
  /** Of all patches, from the second group on. */
  keepRatio: shareSchema,
  /** When chance keeps as many of those that are there. */
  randomError: shareSchema,
});
export type ShortRow = z.infer<typeof shortRowSchema>;

/** Trains a second interpreter from nothing, and judges it. An interrupted training goes on where it was. */
export async function shortTraining(name: string, way: ShortTrainingWay, measuring: Measuring): Promise<ShortRow> {
  const { bundle, runtime, model, selection, batch } = measuring;
  const trained = { ...selection, threshold: 0.5 };
  const selecting = new SelectingModel({ runtime, config: model.config, selection: trained, batchSize: batch });
  const all = await bundleParameters(bundle);
  const fresh = freshInterpreter(model.config, trained, TRAINING_SEED);
  const start = {
    backbone: all.only((parameter) => !isInterpreter(parameter)),
    interpreter: all.only(isInterpreter).with(fresh.only((parameter) => parameter.startsWith(`interpreter.${GROUP}.`))),
  };
  const { backbone, interpreter } = await train(name, way, selecting, start, measuring);
  return await judge(name, selecting, [backbone, interpreter], measuring);
}

function batches(split: 'train' | 'test', samples: number, { bundle, model, batch }: Measuring): DrawnBatches {
  const { imageSize: size, patchSize } = model.config;
  const { preprocessing } = bundle.manifest;
  const sizes = { size, patchSize, frames: 1, batchSize: batch };
  return new DrawnBatches({ data: 'shapes', split, samples, ...sizes, preprocessing, seed: TRAINING_SEED });
}

async function train(
  name: string,
  way: ShortTrainingWay,
  model: SelectingModel,
  start: ModelParts,
  measuring: Measuring,
): Promise<ModelParts> {
  const { bundle, steps, batch, learningRate, cache, signal, onProgress } = measuring;
  await using clips = batches('train', TRAINING_SAMPLES, measuring);
  const { name: of, weights } = bundle.manifest;
  const directory = join(cache, `${of}-${weights.sha256.slice(0, 12)}`, `${name}-${steps}x${batch}-${learningRate}`);
  const phases = [shortPhase({ ...way, group: GROUP }, measuring)];
  const labels = { kind: 'given' } as const;
  for await (const event of trainPhases({ model, start, clips, labels, phases, directory, signal })) {
    if (event.kind === 'done') return event.parts;
    if (event.kind === 'phase' && event.event.kind === 'step') onProgress(`training ${name}`, event.event.step, steps);
  }
  throw new Error('The training did not end.');
}

async function judge(
  name: string,
  model: SelectingModel,
  parameters: readonly ParameterSet[],
  measuring: Measuring,
): Promise<ShortRow> {
  const { images, batch, signal, onProgress } = measuring;
  const count = Math.ceil(images / batch);
  await using clips = batches('test', count * batch, measuring);
  const at = model.group(GROUP);
  const random = RandomStream.seeded(TRAINING_SEED);
  const [own, chance]: [Outcome[], Outcome[]] = [[], []];
  for (let index = 0; index < count; index++) {
    const { clips: pixels, labels } = await clips.batch(index, signal);
    const { tokens, scores, before } = await at.look(parameters, pixels, signal);
    const policy = greedyPolicy(scores, model.selection.threshold);
    own.push(...outcomesOf(policy, await at.answer(parameters, tokens, policy, signal), labels));
    const twin = asManyByChance(policy, before.at(-1) ?? policy, model.tokenCount, random);
    chance.push(...outcomesOf(twin, await at.answer(parameters, tokens, twin, signal), labels));
    onProgress(`judging ${name}`, index + 1, count);
  }
  const { accuracy, keepRatio } = summaryOf(own);
  return { error: 1 - accuracy, keepRatio, randomError: 1 - summaryOf(chance).accuracy };
}

/** As many tokens as `policy` keeps of each image, drawn among those that are `present`. */
function asManyByChance(policy: Policy, present: Policy, tokens: number, random: RandomStream): Policy {
  const drawn = new Float32Array(policy.length);
  for (let begin = 0; begin < policy.length; begin += tokens) {
    const there = [...present.subarray(begin, begin + tokens).keys()].filter((token) => present[begin + token] === 1);
    const wanted = policy.subarray(begin, begin + tokens).reduce((sum, kept) => sum + kept, 0);
    const order = random.permutation(there.length);
    for (let i = 0; i < wanted; i++) drawn[begin + (there[order[i] ?? 0] ?? 0)] = 1;
  }
  return drawn;
}
