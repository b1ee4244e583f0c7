import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { InferenceRuntime, type RuntimeOptions } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import type { AnalysisEngine } from './analyze.ts';

/** Starts inference for one bundle. Dispose of it to end the worker. */
export async function openEngine(bundle: Bundle, options: RuntimeOptions): Promise<AnalysisEngine & AsyncDisposable> {
  const runtime = await InferenceRuntime.start(options);
  try {
    const model = new VideoModel(bundle, runtime);
    return { model, runtime, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() };
  } catch (thrown) {
    await runtime[Symbol.asyncDispose]();
    throw thrown;
  }
}
