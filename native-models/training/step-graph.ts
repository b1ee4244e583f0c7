import { addGradients } from '../onnx/gradients/add-gradients.ts';
import type { Value } from '../onnx/graph.ts';
import type { Feeds, HostTensor, Results } from '../runtime/host-tensor.ts';
import { Computation, type ComputationOptions, type GraphParts } from './computation.ts';
import type { ParameterSet } from './parameter-set.ts';

const GRADIENT = 'gradient of ';
const LOSS = 'loss';

/** What a differentiated graph gives. */
export interface Differentiated {
  readonly loss: number;
  /** By parameter. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** The other outputs. */
  readonly outputs: Results;
}

/** A loss, and what counts as a constant when it is differentiated. */
export interface Objective {
  readonly loss: Value<'float32'>;
  readonly held: readonly Value[];
}

/** A {@link Computation} of a loss that also gives its gradients. */
export class StepGraph {
  readonly #computation: Computation;

  /**
   * @param trained Names of the parameters by which the loss is differentiated.
   * @param define Adds inputs, operators and outputs, and returns the loss, one number, if need be with what is held.
   */
  constructor(
    options: ComputationOptions,
    trained: readonly string[],
    define: (parts: GraphParts) => Value<'float32'> | Objective,
  ) {
    this.#computation = new Computation(options, (parts) => {
      const { graph, parameters } = parts;
      const defined = define(parts);
      const { loss, held } = 'loss' in defined ? defined : { loss: defined, held: [] };
      graph.output(LOSS, loss);
      // A parameter that the loss does not use has the gradient zero, and is an input like the others.
      for (const name of trained) parameters.get(name, options.shapes.get(name) ?? []);
      const inputs = trained.map((name) => parameters.inputs.get(name)).filter((input) => input !== undefined);
      const gradients = addGradients(graph, loss, inputs, { held });
      for (const [i, input] of inputs.entries()) {
        const gradient = gradients[i];
        if (gradient !== undefined) graph.output(`${GRADIENT}${input.name}`, gradient);
      }
    });
  }

  /** @throws as {@link Computation.run} does. */
  async run(parameters: readonly ParameterSet[], feeds: Feeds, signal?: AbortSignal): Promise<Differentiated> {
    const gradients = new Map<string, Float32Array>();
    const outputs: Record<string, HostTensor> = {};
    let loss = Number.NaN;
    for (const [name, tensor] of Object.entries(await this.#computation.run(parameters, feeds, signal))) {
      if (name === LOSS) loss = Number(tensor.data[0]);
      else if (name.startsWith(GRADIENT)) gradients.set(name.slice(GRADIENT.length), tensor.data as Float32Array);
      else outputs[name] = tensor;
    }
    return { loss, gradients, outputs };
  }
}
