import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { ImageHeatMaps } from '#native-models/heat-maps/image-heat-maps.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { InferenceRuntime, type RuntimeOptions } from '#native-models/runtime/inference-runtime.ts';

/** What an image is interpreted with; it outlives the image. */
export interface ImageEngine {
  readonly model: ImageModel;
  readonly heatMaps: ImageHeatMaps;
  readonly runtime: InferenceRuntime;
}

/** Entry and groups, the whole model, and a graph for each of the heat maps. */
const SESSIONS = 10;

/**
 * Starts inference for one bundle. Dispose of it to end the worker.
 *
 * @throws ModelKindError when the bundle holds a video model; DeviceUnavailableError
 */
export async function openImageEngine(bundle: Bundle, options: RuntimeOptions): Promise<ImageEngine & AsyncDisposable> {
  const runtime = await InferenceRuntime.start({ sessions: SESSIONS, ...options });
  try {
    return { ...imageEngine(bundle, runtime), [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() };
  } catch (thrown) {
    await runtime[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** One bundle on inference that is there. @throws ModelKindError when it holds a video model */
export function imageEngine(bundle: Bundle, runtime: InferenceRuntime): ImageEngine {
  const model = new ImageModel(bundle, runtime);
  return { model, heatMaps: new ImageHeatMaps(model, runtime), runtime };
}
