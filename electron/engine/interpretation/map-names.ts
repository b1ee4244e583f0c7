import { SelectorUnavailableError, UsageError } from '#contract/errors.ts';
import type { Manifest } from '#native-models/bundle/manifest.ts';

/** Maps that every image model has. */
export const METHODS = [
  'attention',
  'attention-rollout',
  'attention-gradient',
  'input-gradient',
  'occlusion',
  'random',
] as const;
export type Method = (typeof METHODS)[number];

/** The scores of one group's interpreter, counted from 1 as people do; see {@link interpreterGroup}. */
export type InterpreterMapName = `interpreter-${number}`;
export type ImageMapName = Method | InterpreterMapName;

/** The group of an interpreter's map, counted from 0; null for other maps. */
export function interpreterGroup(name: string): number | null {
  const [, number] = /^interpreter-(\d+)$/.exec(name) ?? [];
  return number === undefined ? null : Number(number) - 1;
}

/** The maps of the model's interpreters. */
export function interpreterMaps({ selection }: Pick<Manifest, 'selection'>): readonly InterpreterMapName[] {
  return (selection?.groups ?? []).map((_, group): InterpreterMapName => `interpreter-${group + 1}`);
}

/** All maps that a model has. */
export function imageMaps(manifest: Pick<Manifest, 'selection'>): readonly ImageMapName[] {
  return [...interpreterMaps(manifest), ...METHODS];
}

/** The interpreter whose map stands for all: the second, as in the published tool, or the only one. */
export function shownInterpreter({ selection }: Pick<Manifest, 'selection'>): number | null {
  return selection === null ? null : Math.min(1, selection.groups.length - 1);
}

/**
 * Names that a user wrote, as those of maps that the model has; `interpreter` is {@link shownInterpreter}.
 *
 * @throws UsageError for a name that no model has, SelectorUnavailableError for one that this model has not
 */
export function parseImageMaps(names: readonly string[], manifest: Manifest): readonly ImageMapName[] {
  const available = imageMaps(manifest);
  const parsed = names.map((name): ImageMapName => {
    const shown = shownInterpreter(manifest);
    const wanted = name === 'interpreter' && shown !== null ? `interpreter-${shown + 1}` : name;
    const found = available.find((one) => one === wanted);
    if (found !== undefined) return found;
    const hint = `There are ${available.join(', ')}.`;
    if (name === 'interpreter' || interpreterGroup(name) !== null) {
      throw new SelectorUnavailableError(`The model "${manifest.name}" has no map "${name}".`, { hint });
    }
    throw new UsageError(`There is no map "${name}".`, { hint });
  });
  return [...new Set(parsed)];
}
