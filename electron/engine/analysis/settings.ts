import type { Analysis } from '#contract/analysis.ts';
import type { Manifest } from '#native-models/bundle/manifest.ts';
import { resolveSelector, type Selector, type SelectorRequest } from '#native-models/selection/selector.ts';

/** What a user asks of an analysis; everything has a default. */
export interface AnalysisRequest {
  /** 1: the centre crop. 3: left, centre and right, averaged. */
  readonly views?: 1 | 3 | undefined;
  readonly selector?: SelectorRequest | undefined;
  /** Distance between the starts of two clips; back to back when left out. */
  readonly strideSeconds?: number | undefined;
  readonly span?: { readonly startSeconds: number; readonly endSeconds: number } | undefined;
  /** Predictions listed for each view and clip. */
  readonly topK?: number | undefined;
}

/** The same with every default filled in for one model. */
export interface AnalysisSettings {
  readonly views: 1 | 3;
  readonly selector: Selector;
  readonly strideSeconds: number;
  readonly span: AnalysisRequest['span'];
  readonly topK: number;
}

/** The frame rate that sampling rates refer to. */
const REFERENCE_RATE = 30;

/** @throws SelectorUnavailableError when the model cannot choose tokens as asked. */
export function resolveSettings(manifest: Manifest, request: AnalysisRequest): AnalysisSettings {
  const { numFrames, samplingRate } = manifest.sampling ?? { numFrames: 8, samplingRate: 32 };
  return {
    views: request.views ?? 3,
    selector: resolveSelector(manifest, request.selector ?? {}),
    strideSeconds: request.strideSeconds ?? (numFrames * samplingRate) / REFERENCE_RATE,
    span: request.span,
    topK: request.topK ?? 5,
  };
}

/** Settings as the analysis document states them. */
export function settingsReport({ views, selector, strideSeconds }: AnalysisSettings): Analysis['settings'] {
  return { views, ...selectorReport(selector), strideSeconds };
}

/** A selector as documents state it. */
export function selectorReport(
  selector: Selector,
): Pick<Analysis['settings'], 'selector' | 'threshold' | 'keep' | 'seed'> {
  const rule = selector.name === 'full' ? null : selector.rule;
  return {
    selector: selector.name,
    threshold: rule?.kind === 'threshold' ? rule.threshold : null,
    keep: rule?.kind === 'keep' ? rule.ratio : null,
    seed: selector.name === 'random' ? selector.seed : null,
  };
}
