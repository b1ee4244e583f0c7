import { WorkerFailure } from './failure.ts';
import { type Feeds, float16Of, type HostTensor } from './host-tensor.ts';
import type { Outcome, SessionOptions } from './messages.ts';
import { InferenceSession, Tensor } from './onnxruntime.ts';

/** One graph, ready to run on one device. Lives in a worker: {@link OrtSession.run} blocks its thread. */
export class OrtSession {
  readonly #native: InferenceSession;

  private constructor(native: InferenceSession) {
    this.#native = native;
  }

  /**
   * @param files What the graph's external data points into; onnxruntime copies what it needs of them.
   * @throws whatever onnxruntime says when the device does not start or does not take the graph.
   */
  static async create(
    graph: Uint8Array,
    files: readonly { readonly path: string; readonly data: Uint8Array }[],
    options: SessionOptions,
  ): Promise<OrtSession> {
    const native = await InferenceSession.create(graph, {
      executionProviders: [options.device],
      externalData: files,
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // A pattern is kept for every shape that ever comes, and ours change from clip to clip. Without patterns, 1500
      // runs of changing length leave the resident size where it was, and are as fast.
      enableMemPattern: false,
      // Threads that spin for more work after a run take the cores from ffmpeg, and from whoever prepares the next one.
      extra: { session: { force_spinning_stop: '1' } },
      enableCpuMemArena: true,
      logSeverityLevel: 4,
    });
    return new OrtSession(native);
  }

  /**
   * Computes all outputs.
   *
   * @throws WorkerFailure of kind `feeds` when `feeds` are not what the graph's inputs ask for.
   */
  async run(feeds: Feeds): Promise<Outcome> {
    const inputs = this.#check(feeds);
    const start = performance.now();
    const outputs = await this.#native.run(inputs);
    const nativeMs = performance.now() - start;
    const results = Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromNative(tensor)]));
    return { results, nativeMs };
  }

  async release(): Promise<void> {
    await this.#native.release();
  }

  // A wrong feed is told apart from a failing device here, before the device sees it.
  #check(feeds: Feeds): Record<string, Tensor> {
    const inputs: Record<string, Tensor> = {};
    for (const input of this.#native.inputMetadata) {
      const feed = feeds[input.name];
      if (feed === undefined) throw mistake(`Input "${input.name}" is missing.`);
      if (!input.isTensor) throw mistake(`Input "${input.name}" is no tensor.`);
      const fits =
        feed.dtype === input.type &&
        feed.dims.length === input.shape.length &&
        input.shape.every((size, axis) => typeof size === 'string' || size === feed.dims[axis]);
      if (!fits) {
        const wanted = `${input.type} [${input.shape.join(', ')}]`;
        throw mistake(`Input "${input.name}" must be ${wanted}, not ${feed.dtype} [${feed.dims.join(', ')}].`);
      }
      inputs[input.name] = toNative(input.name, feed);
    }
    for (const name of Object.keys(feeds)) {
      if (inputs[name] === undefined) throw mistake(`There is no input "${name}".`);
    }
    return inputs;
  }
}

function toNative(name: string, feed: HostTensor): Tensor {
  const { dtype, dims, data } = feed;
  const bits = data instanceof Float16Array ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  try {
    // Checks that the array is the right one for the type, and has as many numbers as `dims` say.
    return new Tensor(dtype as 'float32', bits as Float32Array, dims);
  } catch (thrown) {
    throw mistake(`Input "${name}": ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function fromNative(tensor: Tensor): HostTensor {
  const { dims, type } = tensor;
  switch (type) {
    case 'float16':
      return { dtype: type, dims, data: float16Of(tensor.data as Uint16Array) };
    case 'float32':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'bool':
      return { dtype: type, dims, data: tensor.data as HostTensor['data'] };
    default:
      throw new Error(`The graph gave a ${type} tensor, which we have no use for.`);
  }
}

function mistake(message: string): WorkerFailure {
  return new WorkerFailure({ kind: 'feeds', message });
}
