import { z } from 'zod';
import { selectorNameSchema } from './analysis-request.ts';
import type { SelectorName } from './selection.ts';

/** What scores patches: the selectors, and attention rollout, which needs the whole model and so saves nothing. */
export const scoreMapNameSchema = z.enum([...selectorNameSchema.exclude(['full']).options, 'attention-rollout']);
export type ScoreMapName = z.infer<typeof scoreMapNameSchema>;

/** All of them. */
export const SCORE_MAPS = scoreMapNameSchema.options;

/**
 * The score maps that a model has.
 *
 * @param selectors Those that it has.
 */
export function mapsOf(selectors: readonly SelectorName[]): readonly ScoreMapName[] {
  return SCORE_MAPS.filter((name) => name === 'attention-rollout' || selectors.includes(name));
}
