import { z } from 'zod';
import { selectorNameSchema } from './analysis-request.ts';
import type { SelectorName } from './selection.ts';

/** What scores patches: the selectors, and attention rollout, which needs the whole model and so saves nothing. */
export const scoreMapNameSchema = z.enum([...selectorNameSchema.exclude(['full']).options, 'attention-rollout']);
export type ScoreMapName = z.infer<typeof scoreMapNameSchema>;

/** All of them. */
export const SCORE_MAPS = scoreMapNameSchema.options;

/** What a heat map shows: the scores that the patches of a clip were chosen by, or a map whatever they were chosen by. */
export const heatMapNameSchema = z.enum(['selection', ...SCORE_MAPS]);
export type HeatMapName = z.infer<typeof heatMapNameSchema>;

/**
 * The score maps that a model has.
 *
 * @param selectors Those that it has.
 */
export function mapsOf(selectors: readonly SelectorName[]): readonly ScoreMapName[] {
  return SCORE_MAPS.filter((name) => name === 'attention-rollout' || selectors.includes(name));
}
