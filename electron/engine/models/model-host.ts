import type { Settings } from '#contract/settings.ts';
import { type BundleFolders, resolveBundle, resolveVideoBundle } from '#native-models/bundle/store.ts';
import type { Backend } from '#native-models/runtime/backend.ts';
import { InferenceRuntime, type RuntimeOptions } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import type { AnalysisEngine } from '../analysis/analyze.ts';
import { type ImageEngine, imageEngine } from '../interpretation/image-engine.ts';

export interface ModelHostOptions {
  readonly folders: BundleFolders;
  /** Asked whenever inference is started. */
  readonly settings: () => Pick<Settings, 'device' | 'precision' | 'threads'>;
  readonly backend?: Backend | undefined;
}

/** The one inference runtime of the engine, and the models that run on it. Started when it is first needed. */
export class ModelHost implements AsyncDisposable {
  readonly folders: BundleFolders;
  readonly #options: ModelHostOptions;
  #runtime: Promise<InferenceRuntime> | undefined;

  constructor(options: ModelHostOptions) {
    this.folders = options.folders;
    this.#options = options;
  }

  /** How inference would be started now. */
  get runtimeOptions(): RuntimeOptions {
    const { device, precision, threads } = this.#options.settings();
    const { backend } = this.#options;
    return {
      ...{ device, precision },
      ...(threads === null ? {} : { threads }),
      ...(backend === undefined ? {} : { backend }),
    };
  }

  /** @throws DeviceUnavailableError */
  runtime(): Promise<InferenceRuntime> {
    if (this.#runtime === undefined) {
      const starting = InferenceRuntime.start(this.runtimeOptions);
      this.#runtime = starting;
      // The next one who asks may be luckier: a driver may have recovered, a setting may have changed.
      starting.catch(() => {
        if (this.#runtime === starting) this.#runtime = undefined;
      });
    }
    return this.#runtime;
  }

  /** @throws BundleNotFoundError, BundleInvalidError, ModelKindError, DeviceUnavailableError */
  async open(name: string): Promise<AnalysisEngine> {
    const [bundle, runtime] = await Promise.all([resolveVideoBundle(name, this.folders), this.runtime()]);
    return { model: new VideoModel(bundle, runtime), runtime };
  }

  /** @throws BundleNotFoundError, BundleInvalidError, ModelKindError, DeviceUnavailableError */
  async openForImages(name: string): Promise<ImageEngine> {
    const [bundle, runtime] = await Promise.all([resolveBundle(name, this.folders), this.runtime()]);
    return imageEngine(bundle, runtime);
  }

  /** Ends inference; it is started again, with the settings of then, when it is needed. Nothing may be running. */
  async reset(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    // One that failed to start has nothing to end.
    const started = await runtime?.catch(() => undefined);
    await started?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.reset();
  }
}
