import { open, readFile } from 'node:fs/promises';
import type { ArrangementFeed } from '#native-models/architectures/kept-rows.ts';
import { type Parameters, type StoredWeight, storedParameters } from '#native-models/architectures/parameters.ts';
import { arrangementFeeds, arrangeTokens } from '#native-models/architectures/timesformer/arrangement.ts';
import { addStem } from '#native-models/architectures/timesformer/stem.ts';
import { addMaskedTrunk, addSelectedTrunk } from '#native-models/architectures/timesformer/trunk.ts';
import type { AttentionType, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { renameWeights } from '#native-models/checkpoints/key-maps.ts';
import { readTensor } from '#native-models/checkpoints/read-tensor.ts';
import { readSafetensors } from '#native-models/checkpoints/safetensors.ts';
import type { TensorView } from '#native-models/checkpoints/tensor-view.ts';
import type { FloatType } from '#native-models/onnx/dtype.ts';
import type { Graph } from '#native-models/onnx/graph.ts';
import { type PlainTensor, tensor } from '../plain-tensor.ts';
import { type GraphFile, loadGraph, type Provider, type Run } from '../run-graph.ts';

const GOLDENS = new URL('../../../fixtures/goldens/', import.meta.url);

export const ATTENTION_TYPES = ['joint_space_time', 'divided_space_time', 'space_only'] as const;
/** The attention types that published implementations select tokens for. */
export const SELECTING_TYPES = ['joint_space_time', 'divided_space_time'] as const;
/** What the goldens have kept indices and logits for. */
export const THRESHOLDS = ['0.3', '0.45', '0.5', '0.55'] as const;

/** Bound of the goldens in full precision. */
export const FULL = 1e-4;
/** Bound of the goldens in half precision. */
export const HALF = 1e-2;

const FRAMES = 4;
const PATCHES = 16;
export const TOKENS = FRAMES * PATCHES;
export const ALL_TOKENS = Uint32Array.from({ length: TOKENS }, (_, token) => token);

/** A published model with random weights, and what its published implementation makes of a batch of two clips. */
export interface GoldenModel {
  readonly config: TimesformerConfig;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  readonly file: GraphFile;
  /** `clip` `[2, 3, 4, 32, 32]`, `tokens`, `logits` `[2, 7]`. */
  readonly expected: Tensors;
}

export type Tensors = Readonly<Record<string, PlainTensor>>;

export async function goldenModel(attention: AttentionType): Promise<GoldenModel> {
  const path = new URL(`${attention}-hf/model.safetensors`, GOLDENS);
  return {
    config: {
      kind: 'timesformer',
      attention,
      numFrames: FRAMES,
      imageSize: 32,
      patchSize: 8,
      dim: 48,
      depth: 2,
      heads: 3,
      mlpDim: 192,
      classes: 7,
      layerNormEps: 1e-6,
    },
    weights: await storedWeights(path),
    file: { name: 'model', bytes: new Uint8Array(await readFile(path)) },
    expected: await tensors(new URL(`${attention}.expected.safetensors`, GOLDENS)),
  };
}

/** An interpreter of six heads, and what a published implementation selects with it from one clip. */
export interface GoldenSelection {
  readonly weights: ReadonlyMap<string, StoredWeight>;
  readonly file: GraphFile;
  /** `clip`, `tokens`, `scores`, `kept_X`, `logits_X`, `logits_full`, `logits_cls_only`. */
  readonly expected: Tensors;
}

export async function goldenSelection(attention: (typeof SELECTING_TYPES)[number]): Promise<GoldenSelection> {
  const path = new URL(`selection-${attention}.expected.safetensors`, GOLDENS);
  const views = await tensorViews(path);
  /** The published layer has a third part, the values, that no score depends on. */
  const firstTwoThirds = (name: string): StoredWeight => {
    const { shape, byteOffset } = views.get(name)!;
    return { dtype: 'float32', shape: [(shape[0]! / 3) * 2, ...shape.slice(1)], byteOffset };
  };
  return {
    weights: new Map([
      ['interpreter.0.qk.weight', firstTwoThirds('interpreter.qk.weight')],
      ['interpreter.0.qk.bias', firstTwoThirds('interpreter.qk.bias')],
    ]),
    file: { name: 'interpreter', bytes: await readFile(path) },
    expected: await tensors(path),
  };
}

/** A graph over the weights of `model`. */
export function loadModelGraph<D extends FloatType>(
  model: GoldenModel,
  dtype: D,
  build: (parameters: Parameters<D>, graph: Graph) => void,
  provider: Provider = 'cpu',
): Promise<Run> {
  return loadGraph(
    (graph) => build(storedParameters(graph, model.file.name, model.weights, dtype), graph),
    [model.file],
    provider,
  );
}

/** The stem of `model` without an interpreter. */
export function loadStem(model: GoldenModel, dtype: FloatType, provider: Provider = 'cpu'): Promise<Run> {
  return loadModelGraph<FloatType>(
    model,
    dtype,
    (parameters, graph) =>
      addStem(model.config, null, parameters, storedParameters(graph, 'none', new Map(), 'float32')),
    provider,
  );
}

/** What the stem, held against its goldens elsewhere, makes of the golden clips: `[2, 65, 48]`. */
export async function stemTokensOf(model: GoldenModel): Promise<PlainTensor> {
  return (await (await loadStem(model, 'float32'))({ clip: model.expected.clip! })).tokens!;
}

/** The stem of `model` with the interpreter of `selection`. */
export function loadScoringStem(
  model: GoldenModel,
  selection: GoldenSelection,
  dtype: FloatType,
  provider: Provider = 'cpu',
): Promise<Run> {
  return loadGraph(
    (graph) => {
      const interpreter = storedParameters(graph, selection.file.name, selection.weights, 'float32');
      const groups = [{ firstBlock: 0, blocks: model.config.depth }];
      const parameters = storedParameters<FloatType>(graph, model.file.name, model.weights, dtype);
      addStem(model.config, { heads: 6, threshold: 0.5, groups }, parameters, interpreter);
    },
    [model.file, selection.file],
    provider,
  );
}

export interface SelectedTrunkOptions {
  readonly fused: boolean;
  readonly bucket: number;
  readonly dtype?: FloatType;
  readonly provider?: Provider;
}

/** The selected trunk of `model`: tokens of one view and kept indices → logits. */
export async function loadSelectedTrunk(
  model: GoldenModel,
  { fused, bucket, dtype = 'float32', provider = 'cpu' }: SelectedTrunkOptions,
): Promise<(tokens: PlainTensor, kept: Uint32Array) => Promise<readonly number[]>> {
  const { config } = model;
  const padded = bucket > 1;
  const run = await loadModelGraph<FloatType>(
    model,
    dtype,
    (parameters) => addSelectedTrunk(config, parameters, { spatial: fused, temporal: fused, padded }),
    provider,
  );
  return async (tokens, kept) => {
    const arrangement = arrangeTokens(config.attention, kept, config.numFrames, bucket);
    const feeds = Object.entries(arrangementFeeds(config.attention, arrangement, padded));
    return (await run({ tokens, ...Object.fromEntries(feeds.map(([name, feed]) => [name, plain(feed)])) })).logits!
      .numbers;
  };
}

/** The masked trunk of `model`: tokens of a batch and the kept indices of each view → logits. */
export async function loadMaskedTrunk(
  model: GoldenModel,
  fused = false,
): Promise<(tokens: PlainTensor, kept: readonly Uint32Array[]) => Promise<PlainTensor>> {
  const run = await loadModelGraph(model, 'float32', (parameters) =>
    addMaskedTrunk(model.config, parameters, { spatial: fused, temporal: fused }),
  );
  return async (tokens, kept) => {
    const mask = tensor([kept.length, TOKENS], (view, token) => (kept[view]!.includes(token) ? 1 : 0));
    return (await run({ tokens, mask })).logits!;
  };
}

/** One clip, or the tokens of one, out of a batch. */
export function oneOf({ sizes, numbers }: PlainTensor, index: number): PlainTensor {
  const length = numbers.length / sizes[0]!;
  return { sizes: [1, ...sizes.slice(1)], numbers: numbers.slice(index * length, (index + 1) * length) };
}

/** Numbers of a parameter of `model`, in its published shape. */
export function parameter({ weights, file }: GoldenModel, name: string): PlainTensor {
  const { shape, byteOffset } = weights.get(name)!;
  const count = shape.reduce((product, size) => product * size, 1);
  const bytes = file.bytes.slice(byteOffset, byteOffset + 4 * count);
  return { sizes: shape, numbers: [...new Float32Array(bytes.buffer)] };
}

function plain({ dims, data }: ArrangementFeed): PlainTensor {
  return { sizes: dims, numbers: Array.from(data as ArrayLike<number | bigint>, Number) };
}

/** The weights of a file under their original names. */
async function storedWeights(path: URL): Promise<Map<string, StoredWeight>> {
  const { weights } = renameWeights(await tensorViews(path), null);
  return new Map(
    [...weights].map(([name, { shape, parts }]) => [
      name,
      { dtype: 'float32', shape, byteOffset: parts[0]!.byteOffset },
    ]),
  );
}

async function tensorViews(path: URL): Promise<ReadonlyMap<string, TensorView>> {
  await using handle = await open(path);
  return (await readSafetensors(handle)).tensors;
}

/** All tensors of `goldens/<name>.expected.safetensors`. */
export function goldenTensors(name: string): Promise<Tensors> {
  return tensors(new URL(`${name}.expected.safetensors`, GOLDENS));
}

async function tensors(path: URL): Promise<Tensors> {
  await using handle = await open(path);
  const { tensors: views } = await readSafetensors(handle);
  const entries: [string, PlainTensor][] = [];
  for (const [name, view] of views) {
    const { buffer } = await readTensor(handle, view);
    const numbers =
      view.dtype === 'I64' ? Array.from(new BigInt64Array(buffer), Number) : [...new Float32Array(buffer)];
    entries.push([name, { sizes: view.shape, numbers }]);
  }
  return Object.fromEntries(entries);
}
