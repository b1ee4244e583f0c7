import { type Parameters, storedParameters } from '../architectures/parameters.ts';
import type { Bundle } from '../bundle/load-bundle.ts';
import type { FloatType } from '../onnx/dtype.ts';
import { Graph } from '../onnx/graph.ts';
import { serializeGraph } from '../onnx/serialize.ts';
import type { Results } from './host-tensor.ts';
import type { InferenceRuntime, WhenShort } from './inference-runtime.ts';
import type { ModelGraph } from './model-graph.ts';
import type { FeedsFor } from './session.ts';
import type { Target } from './target.ts';

/** What the graphs call the bundle's weights file. */
const WEIGHTS = 'model.safetensors';

/**
 * Adds one part of a model to a graph.
 *
 * @param precise The same weights in float32, whatever the device computes in: for interpreters, which a threshold cuts.
 */
export type AddPart = (parameters: Parameters<FloatType>, target: Target, precise: Parameters<'float32'>) => void;

export interface PartRun {
  /** Names the part: one name, one graph. */
  readonly part: string;
  readonly add: AddPart;
  readonly feeds: FeedsFor;
  readonly signal: AbortSignal | undefined;
  readonly whenShort?: WhenShort | undefined;
}

/** The graphs of one bundle, built for the device at hand when they are first needed. */
export class BundleParts {
  readonly #bundle: Bundle;
  readonly #runtime: InferenceRuntime;

  constructor(bundle: Bundle, runtime: InferenceRuntime) {
    this.#bundle = bundle;
    this.#runtime = runtime;
  }

  /** Runs one graph of the model, which is built and loaded when it is not in memory. */
  async run({ part, add, feeds, signal, whenShort }: PartRun): Promise<Results> {
    const { manifest, weightsPath, tensors } = this.#bundle;
    const build = (target: Target): ModelGraph => {
      const graph = new Graph(`${manifest.name}/${part}`);
      const dtype = target.precision === 'fp16' ? 'float16' : 'float32';
      const stored = <D extends FloatType>(as: D) => storedParameters(graph, WEIGHTS, tensors, as);
      add(stored<FloatType>(dtype), target, stored('float32'));
      return { bytes: serializeGraph(graph), files: [{ name: WEIGHTS, path: weightsPath }] };
    };
    const session = await this.#runtime.open(`${manifest.weights.sha256}/${part}`, build, signal, whenShort);
    return await session.run(feeds, signal);
  }
}
