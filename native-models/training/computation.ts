import type { Fusion } from '../architectures/blocks.ts';
import { type TrainableParameters, trainableParameters } from '../architectures/trainable-parameters.ts';
import type { ParameterShape } from '../bundle/parameters.ts';
import { Graph } from '../onnx/graph.ts';
import { serializeGraph } from '../onnx/serialize.ts';
import { fusionFor } from '../runtime/fusion.ts';
import type { Feeds, HostTensor, Results } from '../runtime/host-tensor.ts';
import type { InferenceRuntime } from '../runtime/inference-runtime.ts';
import type { Session } from '../runtime/session.ts';
import type { Target } from '../runtime/target.ts';
import type { ParameterSet } from './parameter-set.ts';

/** What a definition of a graph works with. */
export interface GraphParts {
  readonly graph: Graph;
  /** All parameters, trained or not. Each becomes an input of the graph when it is asked for. */
  readonly parameters: TrainableParameters<'float32'>;
  /** What the device does best as one operator. */
  readonly fusion: Fusion;
}

export interface ComputationOptions {
  readonly runtime: InferenceRuntime;
  /** Tells this computation from the others of the runtime, sizes and all: sessions of one name are shared. */
  readonly name: string;
  readonly shapes: ReadonlyMap<string, ParameterShape>;
}

/**
 * A graph over parameters that change from run to run: they are fed like any other input. With 2.8 million of them, eight
 * clips of 128 pixels and all gradients back, the way to the inference thread and back takes 20 to 30 ms on two cores, and
 * the products 1.1 s.
 */
export class Computation {
  readonly #runtime: InferenceRuntime;
  readonly #name: string;
  readonly #inputs: ReadonlySet<string>;
  readonly #build: (target: Target) => Graph;

  /** @param define Adds inputs, operators and outputs. */
  constructor({ runtime, name, shapes }: ComputationOptions, define: (parts: GraphParts) => void) {
    this.#runtime = runtime;
    this.#name = name;
    this.#build = (target) => {
      const graph = new Graph(name);
      define({ graph, parameters: trainableParameters(graph, shapes, 'float32'), fusion: fusionFor(target) });
      return graph;
    };
    this.#inputs = new Set(this.#build(runtime.target).inputs.map((input) => input.name));
  }

  /**
   * Computes all outputs.
   *
   * @param parameters Sets that together have every parameter that the graph takes; what it does not take is left out.
   * @throws as {@link Session.run} does.
   */
  async run(parameters: readonly ParameterSet[], feeds: Feeds, signal?: AbortSignal): Promise<Results> {
    const taken: Record<string, HostTensor> = { ...feeds };
    for (const set of parameters) {
      for (const [name, feed] of Object.entries(set.feeds())) if (this.#inputs.has(name)) taken[name] = feed;
    }
    const session = await this.#open(signal);
    return await session.run(taken, signal);
  }

  #open(signal: AbortSignal | undefined): Promise<Session> {
    const build = (target: Target) => ({ bytes: serializeGraph(this.#build(target)), files: [] });
    return this.#runtime.open(this.#name, build, signal);
  }
}
