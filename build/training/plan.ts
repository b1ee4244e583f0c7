import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ResumeMismatchError, TrainingCheckpointInvalidError } from '#contract/errors.ts';
import { differenceBetween } from '#native-models/training/run-settings.ts';
import type { Recipe } from './recipe.ts';

/** How long a training lasts: so many steps in all, or as many as fit into some hours. */
export type Budget = { readonly steps: number } | { readonly hours: number };

/** A training, decided at its beginning and kept with it: hours are not the same length in every process. */
export interface Plan {
  /** Of all phases together. */
  readonly steps: number;
  /** Whether it was read from where the training is kept. */
  readonly resumed: boolean;
}

const FILE = 'plan.json';
const planSchema = z.strictObject({
  formatVersion: z.literal(1),
  recipe: z.record(z.string(), z.union([z.string(), z.number()])),
  budget: z.union([z.strictObject({ steps: z.number() }), z.strictObject({ hours: z.number() })]),
  steps: z.int().min(1),
});

/**
 * The plan in `directory`; if there is none, a new one, which is written there.
 *
 * @param measure How long a step takes, in seconds; asked only where hours are to be turned into steps.
 * @throws ResumeMismatchError when the training in `directory` is another one.
 * @throws TrainingCheckpointInvalidError when its plan is damaged.
 */
export async function settlePlan(
  directory: string,
  recipe: Recipe,
  budget: Budget,
  measure: () => Promise<number>,
): Promise<Plan> {
  const path = join(directory, FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return { steps: stepsOfKept(path, text, recipe, budget), resumed: true };
  const steps = 'steps' in budget ? budget.steps : Math.max(1, Math.floor((3600 * budget.hours) / (await measure())));
  await mkdir(directory, { recursive: true });
  await writeFile(`${path}.partial`, `${JSON.stringify({ formatVersion: 1, recipe, budget, steps }, null, 2)}\n`);
  await rename(`${path}.partial`, path);
  return { steps, resumed: false };
}

function stepsOfKept(path: string, text: string, recipe: Recipe, budget: Budget): number {
  const kept = parsed(path, text);
  const [before, now] = [
    { ...kept.recipe, ...kept.budget },
    { ...recipe, ...budget },
  ];
  const difference = differenceBetween(before, now);
  if (difference === '.') return kept.steps;
  throw new ResumeMismatchError(`The training that ${path} describes is another one. ${difference}`, {
    hint: 'Go on with the options that it was started with, or train into another folder (--out).',
  });
}

function parsed(path: string, text: string): z.infer<typeof planSchema> {
  try {
    return planSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TrainingCheckpointInvalidError(`The training plan ${path} cannot be read.`, {
      hint: 'Train into another folder (--out), or remove this one to start again.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
