import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Analysis } from '#contract/analysis.ts';
import { type AnalysisEngine, analyze } from '../analysis/analyze.ts';
import type { AnalysisRequest } from '../analysis/settings.ts';

/** A whole analysis, held against its two halves. */
export interface PipelineTiming {
  readonly views: number;
  readonly wallMs: number;
  /** The same decoding with nothing beside it, as given. */
  readonly decodeMs: number;
  /** Time inside onnxruntime during the analysis. */
  readonly inferenceMs: number;
  /** `wallMs` ÷ the larger of the two: 1 is perfect overlap. On one CPU both halves share the cores. */
  readonly ratio: number;
  /** Longest time that the engine's event loop was held up. */
  readonly eventLoopDelayMs: number;
}

/** Analyses `path` once and measures how well decoding and inference overlap. */
export async function measurePipeline(
  path: string,
  request: AnalysisRequest,
  engine: AnalysisEngine,
  decodeMs: number,
  signal?: AbortSignal,
): Promise<PipelineTiming> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const nativeBefore = engine.runtime.nativeMs;
  let analysis: Analysis | undefined;
  delay.enable();
  const before = performance.now();
  for await (const event of analyze(path, request, engine, signal)) {
    if (event.type === 'done') analysis = event.analysis;
  }
  const wallMs = performance.now() - before;
  delay.disable();
  const inferenceMs = engine.runtime.nativeMs - nativeBefore;
  return {
    views: (analysis?.clips ?? []).reduce((sum, clip) => sum + clip.views.length, 0),
    wallMs,
    decodeMs,
    inferenceMs,
    ratio: wallMs / Math.max(decodeMs, inferenceMs),
    eventLoopDelayMs: delay.max / 1e6,
  };
}
