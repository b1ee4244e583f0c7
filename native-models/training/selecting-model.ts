import { interpreterScores } from '../architectures/interpreter.ts';
import { tokenGrid } from '../architectures/timesformer/layout.ts';
import { stemTokens } from '../architectures/timesformer/stem.ts';
import { denseTrunk } from '../architectures/timesformer/trunk.ts';
import type { Selection, TimesformerConfig } from '../bundle/manifest.ts';
import { expectedParameters, type ParameterShape } from '../bundle/parameters.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import type { InferenceRuntime } from '../runtime/inference-runtime.ts';
import { Computation, type ComputationOptions } from './computation.ts';
import type { ParameterSet } from './parameter-set.ts';
import { fingerprintOf, type JsonObject } from './run-settings.ts';

/** The interpreter of a video model: the one at its entrance (IA-RED², section 4.2: D = 1 for video). */
export const INTERPRETER = 'interpreter.0.qk';

export interface SelectingModelOptions {
  readonly runtime: InferenceRuntime;
  readonly config: TimesformerConfig;
  readonly selection: Selection;
  /** Clips in every batch: graphs are made for this many. */
  readonly batchSize: number;
}

/** What the interpreter makes of a batch. */
export interface Impression {
  /** `[batch, 1 + patches·frames, dim]`. */
  readonly tokens: HostTensor;
  /** `[batch, patches·frames]`, without CLS. */
  readonly scores: Float32Array<ArrayBuffer>;
}

/**
 * A video model with an interpreter in training: forward passes of whole batches, with masks in place of gathering and
 * with parameters that may change from run to run.
 */
export class SelectingModel {
  readonly config: TimesformerConfig;
  readonly selection: Selection;
  readonly batchSize: number;
  /** Of every parameter, the interpreter's included. */
  readonly shapes: ReadonlyMap<string, ParameterShape>;
  readonly #runtime: InferenceRuntime;
  readonly #look: Computation;
  readonly #answer: Computation;

  constructor({ runtime, config, selection, batchSize }: SelectingModelOptions) {
    this.config = config;
    this.selection = selection;
    this.batchSize = batchSize;
    this.shapes = expectedParameters(config, selection);
    this.#runtime = runtime;
    this.#look = new Computation(this.computation('look'), ({ graph, parameters }) => {
      const tokens = stemTokens(config, parameters, graph.input('clips', 'float32', this.clipSizes));
      graph.output('tokens', tokens);
      graph.output('scores', interpreterScores(parameters, tokens, INTERPRETER, selection.heads));
    });
    this.#answer = new Computation(this.computation('answer'), ({ graph, parameters, fusion }) => {
      const tokens = graph.input('tokens', 'float32', [batchSize, 1 + this.tokenCount, config.dim]);
      const mask = graph.input('mask', 'float32', [batchSize, this.tokenCount]);
      graph.output('logits', denseTrunk(config, parameters, tokens, mask, fusion).logits);
    });
  }

  /** Patch tokens of a clip: patches · frames. */
  get tokenCount(): number {
    const { patches, frames } = tokenGrid(this.config);
    return patches * frames;
  }

  /** `[batch, 3, frames, side, side]`. */
  get clipSizes(): readonly number[] {
    const { numFrames, imageSize } = this.config;
    return [this.batchSize, 3, numFrames, imageSize, imageSize];
  }

  /** What decides about the model's computations, and is no parameter. */
  get identity(): JsonObject {
    return {
      architecture: { ...this.config },
      interpreterHeads: this.selection.heads,
      threshold: this.selection.threshold,
      batchSize: this.batchSize,
    };
  }

  /** For one more computation over this model's parameters, called `part`. */
  computation(part: string): ComputationOptions {
    return { runtime: this.#runtime, name: `training/${fingerprintOf(this.identity)}/${part}`, shapes: this.shapes };
  }

  /** `clips` as an input of a graph. */
  clipFeed(clips: Float32Array): HostTensor {
    return { dtype: 'float32', dims: this.clipSizes, data: clips };
  }

  /** `policy` (`[batch, patches·frames]`, 1 for a kept token) as an input of a graph. */
  maskFeed(policy: Float32Array): HostTensor {
    return { dtype: 'float32', dims: [this.batchSize, this.tokenCount], data: policy };
  }

  /** Tokens of a batch, and how the interpreter scores them. */
  async look(parameters: readonly ParameterSet[], clips: Float32Array, signal?: AbortSignal): Promise<Impression> {
    const { tokens, scores } = await this.#look.run(parameters, { clips: this.clipFeed(clips) }, signal);
    if (tokens === undefined || scores === undefined) throw new Error('The stem gave no tokens.');
    return { tokens, scores: this.#withoutClass(scores.data as Float32Array) };
  }

  /** The class that each clip is taken for when only the tokens of `policy` are seen; `null` for all of them. */
  async answer(
    parameters: readonly ParameterSet[],
    tokens: HostTensor,
    policy: Float32Array | null,
    signal?: AbortSignal,
  ): Promise<Uint32Array<ArrayBuffer>> {
    const mask = this.maskFeed(policy ?? new Float32Array(this.batchSize * this.tokenCount).fill(1));
    const { logits } = await this.#answer.run(parameters, { tokens, mask }, signal);
    if (logits === undefined) throw new Error('The trunk gave no logits.');
    return largestOfRows(logits.data as Float32Array, this.config.classes);
  }

  #withoutClass(scores: Float32Array): Float32Array<ArrayBuffer> {
    const patches = new Float32Array(this.batchSize * this.tokenCount);
    for (let clip = 0; clip < this.batchSize; clip++) {
      const row = clip * (1 + this.tokenCount);
      patches.set(scores.subarray(row + 1, row + 1 + this.tokenCount), clip * this.tokenCount);
    }
    return patches;
  }
}

/** The index of the largest number in each row of `columns`; of equal ones the first. */
export function largestOfRows(numbers: Float32Array, columns: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: numbers.length / columns }, (_, row) => {
    const values = numbers.subarray(row * columns, (row + 1) * columns);
    return values.indexOf(values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY));
  });
}
