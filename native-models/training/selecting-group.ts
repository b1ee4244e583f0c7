import { hidingBias } from '../architectures/token-mask.ts';
import type { Value } from '../onnx/graph.ts';
import { cast, multiply } from '../onnx/operators/arithmetic.ts';
import { greater } from '../onnx/operators/comparisons.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import { Computation, type GraphParts } from './computation.ts';
import type { ParameterSet } from './parameter-set.ts';
import { largestOfRows, type Policy } from './policies.ts';
import type { SelectingModel } from './selecting-model.ts';

/** What the interpreter of a group makes of a batch. */
export interface Impression {
  /** Those before the group's first block, `[batch, 1 + tokens, dim]`. */
  readonly tokens: HostTensor;
  /** `[batch, tokens]`, without CLS; 0 for a token that a group before has dropped. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** What each group before has kept: a token that is dropped stays dropped. None before the first group. */
  readonly before: readonly Policy[];
}

/**
 * A model in training at the entry of one of its groups (IA-RED², section 3.1 and algorithm 1): the groups before keep
 * what their interpreters score above the threshold, and those after it what it keeps.
 */
export class SelectingGroup {
  /** Counted from 0. */
  readonly index: number;
  readonly #model: SelectingModel;
  readonly #look: Computation;
  readonly #answer: Computation;

  constructor(model: SelectingModel, index: number) {
    const { architecture } = model;
    this.index = index;
    this.#model = model;
    this.#look = new Computation(this.#part('look'), (parts) => {
      const { graph, parameters, fusion } = parts;
      let tokens = architecture.tokens(parameters, graph.input('clips', 'float32', model.clipSizes));
      let kept: Value<'float32'> | null = null;
      for (let group = 0; group < index; group++) {
        kept = greedyPolicyOf(architecture.scores(parameters, tokens, group), model.selection.threshold, kept);
        graph.output(`policy ${group}`, kept);
        tokens = architecture.through(parameters, tokens, group, hidingBias(kept), fusion);
      }
      const scores = architecture.scores(parameters, tokens, index);
      graph.output('tokens', tokens);
      graph.output('scores', kept === null ? scores : multiply(scores, kept));
    });
    this.#answer = new Computation(this.#part('answer'), (parts) => {
      const { graph, parameters, fusion } = parts;
      const mask = graph.input('mask', 'float32', [model.batchSize, model.tokenCount]);
      const tokens = this.tokensInput(parts);
      graph.output('logits', architecture.answer(parameters, tokens, index, hidingBias(mask), fusion));
    });
  }

  /** The tokens at the entry of the group as an input of a graph, called `tokens`. */
  tokensInput({ graph }: GraphParts): Value<'float32'> {
    const { batchSize, tokenCount, architecture } = this.#model;
    return graph.input('tokens', 'float32', [batchSize, 1 + tokenCount, architecture.dim]);
  }

  /** The tokens of a batch at the entry of the group, and how its interpreter scores them. */
  async look(parameters: readonly ParameterSet[], clips: Float32Array, signal?: AbortSignal): Promise<Impression> {
    const results = await this.#look.run(parameters, { clips: this.#model.clipFeed(clips) }, signal);
    const { tokens, scores } = results;
    if (tokens === undefined || scores === undefined) throw new Error('The model gave no tokens.');
    const before = Array.from({ length: this.index }, (_, group) =>
      Float32Array.from(floats(results[`policy ${group}`])),
    );
    return { tokens, scores: Float32Array.from(floats(scores)), before };
  }

  /**
   * Logits, `[batch, classes]`, when from here on only the tokens of `policy` are seen; `null` for all of them.
   *
   * @param tokens As {@link look} gives them.
   */
  async logits(
    parameters: readonly ParameterSet[],
    tokens: HostTensor,
    policy: Float32Array | null,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const { batchSize, tokenCount } = this.#model;
    const mask = this.#model.maskFeed(policy ?? new Float32Array(batchSize * tokenCount).fill(1));
    const { logits } = await this.#answer.run(parameters, { tokens, mask }, signal);
    return floats(logits);
  }

  /** The class that each clip is taken for by {@link logits}. */
  async answer(
    parameters: readonly ParameterSet[],
    tokens: HostTensor,
    policy: Float32Array | null,
    signal?: AbortSignal,
  ): Promise<Uint32Array<ArrayBuffer>> {
    return largestOfRows(await this.logits(parameters, tokens, policy, signal), this.#model.architecture.classes);
  }

  #part(name: string) {
    return this.#model.computation(this.index === 0 ? name : `${name} ${this.index}`);
  }
}

/** 1 for a token that scores above the threshold and was not dropped before, else 0. */
function greedyPolicyOf(
  scores: Value<'float32'>,
  threshold: number,
  before: Value<'float32'> | null,
): Value<'float32'> {
  const above = cast(greater(scores, scores.graph.constant('float32', [1], [threshold])), 'float32');
  return before === null ? above : multiply(above, before);
}

function floats(tensor: HostTensor | undefined): Float32Array {
  if (tensor === undefined) throw new Error('The model gave no answer.');
  return tensor.data as Float32Array;
}
