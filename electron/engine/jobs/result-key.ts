import { createHash } from 'node:crypto';
import type { Manifest } from '#native-models/bundle/manifest.ts';
import type { AnalysisSettings } from '../analysis/settings.ts';
import type { ResultKey } from '../store/result-store.ts';

/** Raised when the same input would give other results than before. */
const GENERATION = 1;

/**
 * Names the result of one analysis: the same for the same content, weights and settings. The device is not part of it: what
 * another device would compute differs in the last digits only.
 */
export function resultKey(content: string, manifest: Manifest, settings: AnalysisSettings): ResultKey {
  const { weights, architecture, preprocessing, sampling, selection, name } = manifest;
  const parts = {
    ...{ generation: GENERATION, content, name, weights: weights.sha256 },
    ...{ architecture, preprocessing, sampling, selection, settings },
  };
  const result = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  return { content, result };
}
