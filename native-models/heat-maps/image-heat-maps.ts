import { addAttentionRollout, addRawAttention } from '../architectures/deit/attention-maps.ts';
import { addGradientAttention, addInputGradient } from '../architectures/deit/gradient-maps.ts';
import type { Parameters } from '../architectures/parameters.ts';
import type { DeitConfig } from '../bundle/manifest.ts';
import { BundleParts } from '../runtime/bundle-parts.ts';
import type { Feeds, HostTensor, Results } from '../runtime/host-tensor.ts';
import type { ImageModel } from '../runtime/image-model.ts';
import type { InferenceRuntime } from '../runtime/inference-runtime.ts';
import { type HeatMap, patchMap } from './heat-map.ts';
import { gradientTimesInput } from './input-gradient.ts';

/**
 * What attention and gradients say about an image, `[3, side, side]` normalised, of which the whole model sees every patch.
 * One score a patch; all throw what inference throws, and the signal's reason.
 */
export class ImageHeatMaps {
  readonly #config: DeitConfig;
  readonly #parts: BundleParts;

  constructor(model: ImageModel, runtime: InferenceRuntime) {
    this.#config = model.config;
    this.#parts = new BundleParts(model.bundle, runtime);
  }

  /** {@link addRawAttention} */
  async rawAttention(image: Float32Array, signal?: AbortSignal): Promise<HeatMap> {
    return patchMap(numbers((await this.#run('raw attention', addRawAttention, this.#image(image), signal)).map));
  }

  /** {@link addAttentionRollout} */
  async attentionRollout(image: Float32Array, signal?: AbortSignal): Promise<HeatMap> {
    return patchMap(numbers((await this.#run('rollout', addAttentionRollout, this.#image(image), signal)).map));
  }

  /** {@link addGradientAttention} @param wanted The class whose evidence is looked for. */
  async gradientAttention(image: Float32Array, wanted: number, signal?: AbortSignal): Promise<HeatMap> {
    const feeds = { ...this.#image(image), ...this.#class(wanted) };
    return patchMap(numbers((await this.#run('gradient attention', addGradientAttention, feeds, signal)).map));
  }

  /** {@link gradientTimesInput} @param wanted The class whose evidence is looked for. */
  async inputGradient(image: Float32Array, wanted: number, signal?: AbortSignal): Promise<HeatMap> {
    const feeds = { ...this.#image(image), ...this.#class(wanted) };
    const { gradient } = await this.#run('input gradient', addInputGradient, feeds, signal);
    return gradientTimesInput(numbers(gradient), image, this.#config.patchSize);
  }

  #image(data: Float32Array): Feeds {
    const { imageSize: side } = this.#config;
    return { image: { dtype: 'float32', dims: [1, 3, side, side], data } };
  }

  #class(wanted: number): Feeds {
    const { classes } = this.#config;
    const data = Float32Array.from({ length: classes }, (_, index) => (index === wanted ? 1 : 0));
    return { wanted: { dtype: 'float32', dims: [1, classes], data } };
  }

  /** In full precision on every device: gradients in half of it vanish. */
  async #run(
    name: string,
    add: (config: DeitConfig, parameters: Parameters<'float32'>) => void,
    feeds: Feeds,
    signal?: AbortSignal,
  ): Promise<Results> {
    const part = `map by ${name}`;
    return await this.#parts.run({ part, add: (_own, _on, precise) => add(this.#config, precise), feeds, signal });
  }
}

function numbers(tensor: HostTensor | undefined): Float32Array {
  if (tensor === undefined) throw new Error('The graph gave no map.');
  return tensor.data as Float32Array;
}
