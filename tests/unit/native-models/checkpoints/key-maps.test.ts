import { describe, expect, it } from 'vitest';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { renameWeights } from '#native-models/checkpoints/key-maps.ts';
import { contiguousStrides, type TensorView } from '#native-models/checkpoints/tensor-view.ts';
import { TINY } from '../../../fixtures/weights.ts';

const view = (shape: readonly number[], dtype: TensorView['dtype'] = 'F32'): TensorView => ({
  dtype,
  shape,
  strides: contiguousStrides(shape),
  byteOffset: 0,
});

const originals = new Map([...expectedParameters(TINY, null)].map(([name, shape]) => [name, view(shape)]));
const renamed = (rename: (name: string) => string) => new Map([...originals].map(([name, t]) => [rename(name), t]));

describe('names of weights', () => {
  it.each(['', 'model.', 'module.', 'module.model.'])('may begin with "%s"', (prefix) => {
    const { weights, format } = renameWeights(
      renamed((name) => prefix + name),
      'model_state',
    );
    expect([...weights.keys()]).toEqual([...originals.keys()]);
    expect(format).toBe('timesformer');
  });

  it('tell a space-only TimeSformer from a DeiT by where the weights were', () => {
    const spaceOnly = new Map(
      [...expectedParameters({ ...TINY, attention: 'space_only' }, null)].map(([n, s]) => [n, view(s)]),
    );
    expect(renameWeights(spaceOnly, 'model_state').format).toBe('timesformer');
    expect(renameWeights(spaceOnly, 'model').format).toBe('deit');
    expect(renameWeights(spaceOnly, null).format).toBe('deit');
    const prefixed = new Map([...spaceOnly].map(([name, t]) => [`model.${name}`, t]));
    expect(renameWeights(prefixed, null).format).toBe('timesformer');
  });

  it('of the released IA-RED² tool give interpreters, cut to queries and keys, and group sizes', () => {
    const tensors = new Map(originals);
    for (const group of [0, 1]) {
      tensors.set(`groups.${group}.block_list.0.norm1.weight`, view([12]));
      tensors.set(`groups.${group}.agent.qk.weight`, view([36, 12]));
      tensors.set(`groups.${group}.agent.qk.bias`, view([36]));
    }
    const { format, weights, groupSizes, ignored } = renameWeights(tensors, null);
    expect(format).toBe('ia-red2');
    expect(groupSizes).toEqual([1, 1]);
    expect(weights.get('interpreter.1.qk.weight')!.shape).toEqual([24, 12]);
    expect(weights.get('interpreter.1.qk.bias')!.shape).toEqual([24]);
    expect(ignored).toEqual(['groups.0.block_list.0.norm1.weight', 'groups.1.block_list.0.norm1.weight']);
  });

  it('of a single interpreter become those of group 0, and two thirds that are already cut stay whole', () => {
    const tensors = new Map(originals)
      .set('interpreter.qk.weight', view([24, 12]))
      .set('interpreter.qk.bias', view([24]));
    const { weights } = renameWeights(tensors, null);
    expect(weights.get('interpreter.0.qk.weight')!.shape).toEqual([24, 12]);
  });

  it.each(['vit', 'deit'])(
    'of Hugging Face (%s) become the original ones, with queries, keys and values in one',
    (prefix) => {
      const deit = expectedParameters({ ...TINY, attention: 'space_only' }, null);
      const tensors = new Map<string, TensorView>();
      for (const [name, shape] of deit) {
        const theirs = huggingFaceName(prefix, name);
        if (!theirs.includes('{}')) tensors.set(theirs, view(shape));
        // Not in the order in which they lie in the model.
        else for (const part of ['value', 'query', 'key']) tensors.set(theirs.replace('{}', part), partOf(shape, part));
      }
      const { format, kind, weights } = renameWeights(tensors, null);
      expect({ format, kind }).toEqual({ format: 'hugging-face', kind: 'deit' });
      expect([...weights.keys()].toSorted()).toEqual([...deit.keys()].toSorted());
      for (const [name, { shape, parts }] of weights) {
        expect(shape, name).toEqual(deit.get(name));
        if (name.includes('qkv')) expect(parts.map(({ byteOffset }) => byteOffset)).toEqual([1, 2, 3]);
      }
    },
  );

  it('of Hugging Face that leave out a part, or have it in another type, are noticed', () => {
    const query = 'vit.encoder.layer.0.attention.attention.query.weight';
    const key = 'vit.encoder.layer.0.attention.attention.key.weight';
    const some = renameWeights(new Map([[query, view([12, 12])]]), null).weights;
    expect(some.get('blocks.0.attn.qkv.weight')!.shape).toEqual([12, 12]);
    const mixed = new Map([
      [query, view([12, 12])],
      [key, view([12, 12], 'F16')],
    ]);
    expect(() => renameWeights(mixed, null)).toThrow(/different types/);
  });

  it('of counters and masks are left out', () => {
    const tensors = new Map(originals).set('blocks.0.counter', view([], 'I64')).set('mask', view([5], 'BOOL'));
    const { weights, ignored } = renameWeights(tensors, null);
    expect([...weights.keys()]).toEqual([...originals.keys()]);
    expect(ignored).toEqual(['blocks.0.counter', 'mask']);
  });

  it('may not mean the same weight twice', () => {
    const tensors = new Map(originals).set('module.norm.weight', view([12]));
    expect(() => renameWeights(tensors, null)).toThrow(expect.objectContaining({ code: 'checkpoint-mismatch' }));
  });

  it('that nobody knows stay, so that they can be reported', () => {
    const tensors = renamed((name) => name).set('timesformer.encoder.layer.0.adapter.weight', view([1]));
    expect(renameWeights(tensors, null).weights.has('timesformer.encoder.layer.0.adapter.weight')).toBe(true);
  });
});

/** As transformers calls a parameter of its ViT; `{}` stands for each of query, key and value. */
function huggingFaceName(model: string, name: string): string {
  const whole: Record<string, string> = {
    cls_token: `${model}.embeddings.cls_token`,
    pos_embed: `${model}.embeddings.position_embeddings`,
  };
  const parts: readonly (readonly [RegExp, string])[] = [
    [/^patch_embed\.proj\./, `${model}.embeddings.patch_embeddings.projection.`],
    [/^norm\./, `${model}.layernorm.`],
    [/^head\./, 'classifier.'],
    [/^blocks\.(\d+)\./, `${model}.encoder.layer.$1.`],
    [/\.norm1\./, '.layernorm_before.'],
    [/\.norm2\./, '.layernorm_after.'],
    [/\.attn\.qkv\./, '.attention.attention.{}.'],
    [/\.attn\.proj\./, '.attention.output.dense.'],
    [/\.mlp\.fc1\./, '.intermediate.dense.'],
    [/\.mlp\.fc2\./, '.output.dense.'],
  ];
  return whole[name] ?? parts.reduce((text, [from, to]) => text.replace(from, to), name);
}

/** A third of a tensor of queries, keys and values; where it lies tells which. */
function partOf([rows = 0, ...row]: readonly number[], part: string): TensorView {
  return { ...view([rows / 3, ...row]), byteOffset: ['query', 'key', 'value'].indexOf(part) + 1 };
}
