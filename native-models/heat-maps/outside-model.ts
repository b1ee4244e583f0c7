import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FileNotFoundError, OutsideModelError } from '#contract/errors.ts';
import { DTYPES } from '../onnx/dtype.ts';
import { ModelProto } from '../onnx/protobuf.ts';
import type { InferenceRuntime } from '../runtime/inference-runtime.ts';
import type { HeatMap } from './heat-map.ts';

/** A size that a model asks for; null where it takes any. */
type Size = number | null;

/** An ONNX model of somebody else's that makes a map of one channel from a picture: another method to hold maps against. */
export class OutsideModel {
  readonly path: string;
  /** Of the pictures that it takes. */
  readonly width: Size;
  readonly height: Size;
  readonly #bytes: Uint8Array;
  readonly #input: string;
  readonly #runtime: InferenceRuntime;

  private constructor(path: string, bytes: Uint8Array, input: PictureInput, runtime: InferenceRuntime) {
    this.path = path;
    this.width = input.width;
    this.height = input.height;
    this.#bytes = bytes;
    this.#input = input.name;
    this.#runtime = runtime;
  }

  /**
   * @throws FileNotFoundError
   * @throws OutsideModelError when it is no ONNX model with one input `[1, 3, height, width]` float32
   */
  static async open(path: string, runtime: InferenceRuntime): Promise<OutsideModel> {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new FileNotFoundError(`There is no readable model at ${path}.`, { hint: 'Check the path.', cause });
    });
    return new OutsideModel(path, bytes, pictureInput(path, bytes), runtime);
  }

  /**
   * @param image `[3, height, width]`, normalised with ImageNet's statistics.
   * @throws OutsideModelError when it gives no map; what inference throws; the signal's reason
   */
  async map(image: Float32Array, width: number, height: number, signal?: AbortSignal): Promise<HeatMap> {
    const name = `outside ${createHash('sha256').update(this.#bytes).digest('hex')}`;
    const session = await this.#runtime.open(name, () => ({ bytes: this.#bytes, files: [] }), signal);
    const feed = { dtype: 'float32', dims: [1, 3, height, width], data: image } as const;
    const outputs = Object.values(await session.run({ [this.#input]: feed }, signal));
    for (const { dtype, dims, data } of outputs) {
      const [rows = 0, columns = 0] = dims.slice(-2);
      const isOneMap = dims.length >= 2 && dims.slice(0, -2).every((size) => size === 1) && rows * columns > 0;
      if (isOneMap && dtype === 'float32') return { width: columns, height: rows, scores: data as Float32Array };
    }
    const said = outputs.map(({ dtype, dims }) => `${dtype} [${dims.join(', ')}]`).join(', ');
    throw new OutsideModelError(`${basename(this.path)} gives no map of one channel, but ${said}.`, { hint: WANTED });
  }
}

const WANTED =
  'A model takes [1, 3, height, width] float32 and gives [1, 1, rows, columns] float32, its weights within the file.';

interface PictureInput {
  readonly name: string;
  readonly width: Size;
  readonly height: Size;
}

/** The part of a decoded ONNX model that is looked at. */
interface DecodedModel {
  readonly graph?: {
    readonly initializer?: readonly { readonly name?: string; readonly dataLocation?: number }[];
    readonly input?: readonly {
      readonly name?: string;
      readonly type?: {
        readonly tensorType?: {
          readonly elemType?: number;
          readonly shape?: { readonly dim?: readonly { readonly dimValue?: unknown }[] };
        };
      };
    }[];
  };
}

/** Where weights lie in another file (ONNX, TensorProto.DataLocation). */
const EXTERNAL = 1;

function pictureInput(path: string, bytes: Uint8Array): PictureInput {
  const name = basename(path);
  const { graph } = decoded(name, bytes);
  const initializers = graph?.initializer ?? [];
  if (initializers.some(({ dataLocation }) => dataLocation === EXTERNAL)) {
    throw new OutsideModelError(`${name} has its weights in another file.`, { hint: WANTED });
  }
  // Old models name their weights among the inputs.
  const weights = new Set(initializers.map((weight) => weight.name));
  const inputs = (graph?.input ?? []).filter((input) => !weights.has(input.name));
  const [input] = inputs;
  const tensor = input?.type?.tensorType;
  const sizes = (tensor?.shape?.dim ?? []).map(({ dimValue }) => (Number(dimValue ?? 0) > 0 ? Number(dimValue) : null));
  const [batch, channels, height = null, width = null] = sizes;
  const isPicture = sizes.length === 4 && (batch === 1 || batch === null) && (channels === 3 || channels === null);
  if (inputs.length !== 1 || !input?.name || tensor?.elemType !== DTYPES.float32.onnx || !isPicture) {
    throw new OutsideModelError(`${name} does not take one picture.`, { hint: WANTED });
  }
  return { name: input.name, width, height };
}

function decoded(name: string, bytes: Uint8Array): DecodedModel {
  try {
    return ModelProto.decode(bytes) as DecodedModel;
  } catch (cause) {
    throw new OutsideModelError(`${name} is no ONNX model.`, { hint: WANTED, detail: String(cause), cause });
  }
}
