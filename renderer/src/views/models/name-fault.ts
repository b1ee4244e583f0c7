import type { Model } from '#contract/models.ts';

/** What speaks against a name for a new model; null when nothing does. */
export function nameFault(name: string, models: readonly Pick<Model, 'name'>[]): string | null {
  if (name === '') return 'A model needs a name.';
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) return 'Lower-case letters, digits, dots, dashes and underscores.';
  return models.some((model) => model.name === name) ? 'There is a model of that name.' : null;
}
