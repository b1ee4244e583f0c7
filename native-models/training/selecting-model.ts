import { groupedArchitecture } from '../architectures/grouped.ts';
import type { GroupedArchitecture } from '../architectures/grouped-architecture.ts';
import type { Architecture, Selection } from '../bundle/manifest.ts';
import { expectedParameters, type ParameterShape } from '../bundle/parameters.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import type { InferenceRuntime } from '../runtime/inference-runtime.ts';
import type { ComputationOptions } from './computation.ts';
import { Orthogonalizer } from './orthogonalizer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { fingerprintOf, type JsonObject } from './run-settings.ts';
import { type Impression, SelectingGroup } from './selecting-group.ts';

export { largestOfRows } from './policies.ts';

export interface SelectingModelOptions {
  readonly runtime: InferenceRuntime;
  readonly config: Architecture;
  readonly selection: Selection;
  /** Clips or images in every batch: graphs are made for this many. */
  readonly batchSize: number;
}

/**
 * A model with interpreters in training, one for each group of blocks (three for images, as a rule one for video: IA-RED²,
 * sections 4.1 and 4.2): forward passes of whole batches, with masks in place of gathering and with parameters that may
 * change from run to run. What is said of clips holds for images, too.
 */
export class SelectingModel {
  readonly config: Architecture;
  readonly selection: Selection;
  readonly batchSize: number;
  /** Of every parameter, the interpreter's included. */
  readonly shapes: ReadonlyMap<string, ParameterShape>;
  /** The model as pieces of a graph. */
  readonly architecture: GroupedArchitecture;
  readonly #runtime: InferenceRuntime;
  readonly #groups = new Map<number, SelectingGroup>();

  constructor({ runtime, config, selection, batchSize }: SelectingModelOptions) {
    this.config = config;
    this.selection = selection;
    this.batchSize = batchSize;
    this.shapes = expectedParameters(config, selection);
    this.architecture = groupedArchitecture(config, selection);
    this.#runtime = runtime;
  }

  /** Patch tokens of a clip: patches · frames; patches of an image. */
  get tokenCount(): number {
    return this.architecture.tokenCount;
  }

  /** `[batch, 3, frames, side, side]` of clips, `[batch, 3, side, side]` of images. */
  get clipSizes(): readonly number[] {
    return [this.batchSize, ...this.architecture.inputSizes];
  }

  /** What decides about the model's computations, and is no parameter. */
  get identity(): JsonObject {
    const { groups, interpreter } = this.selection;
    return {
      architecture: { ...this.config },
      interpreterHeads: this.selection.heads,
      threshold: this.selection.threshold,
      batchSize: this.batchSize,
      ...(interpreter === 'motion-aware' ? { interpreter } : {}),
      ...(groups.length === 1 ? {} : { groups: groups.map(({ blocks }) => blocks) }),
    };
  }

  /** For optimisers that want one. */
  get orthogonalizer(): Orthogonalizer {
    return new Orthogonalizer(this.#runtime);
  }

  /** For one more computation over this model's parameters, called `part`. */
  computation(part: string): ComputationOptions {
    return { runtime: this.#runtime, name: `training/${fingerprintOf(this.identity)}/${part}`, shapes: this.shapes };
  }

  /** `clips` as an input of a graph. */
  clipFeed(clips: Float32Array): HostTensor {
    return { dtype: 'float32', dims: this.clipSizes, data: clips };
  }

  /** `policy` (`[batch, tokens]`, 1 for a kept token) as an input of a graph. */
  maskFeed(policy: Float32Array): HostTensor {
    return { dtype: 'float32', dims: [this.batchSize, this.tokenCount], data: policy };
  }

  /**
   * The model at the entry of one of its groups.
   *
   * @throws RangeError when there is no such group.
   */
  group(index: number): SelectingGroup {
    if (this.architecture.groups[index] === undefined) {
      throw new RangeError(`There is no group ${index} of ${this.architecture.groups.length}.`);
    }
    const group = this.#groups.get(index) ?? new SelectingGroup(this, index);
    this.#groups.set(index, group);
    return group;
  }

  /** Tokens of a batch before the first group, and how its interpreter scores them. */
  look(parameters: readonly ParameterSet[], clips: Float32Array, signal?: AbortSignal): Promise<Impression> {
    return this.group(0).look(parameters, clips, signal);
  }

  /** The class that each clip is taken for when only the tokens of `policy` are ever seen; `null` for all of them. */
  answer(
    parameters: readonly ParameterSet[],
    tokens: HostTensor,
    policy: Float32Array | null,
    signal?: AbortSignal,
  ): Promise<Uint32Array<ArrayBuffer>> {
    return this.group(0).answer(parameters, tokens, policy, signal);
  }
}
