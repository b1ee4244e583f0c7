import { describe, expect, it } from 'vitest';
import type { TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import { waves } from '#native-models/training/wave-embedding.ts';

const config: TimesformerConfig = {
  kind: 'timesformer',
  attention: 'joint_space_time',
  numFrames: 4,
  imageSize: 32,
  patchSize: 8,
  dim: 48,
  depth: 2,
  heads: 2,
  mlpDim: 192,
  classes: 18,
  layerNormEps: 1e-6,
};
const selection = { heads: 2, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] };

describe('the parameters that training begins with', () => {
  const parameters = initialParameters(config, selection, 1);
  const deviation = (name: string) => {
    const values = parameters.get(name);
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  };

  it('have the deviations that their width asks for', () => {
    for (const name of ['blocks.0.attn.qkv.weight', 'blocks.1.mlp.fc2.weight'])
      expect(deviation(name)).toBeCloseTo(1 / Math.sqrt(3 * 48), 2);
    for (const name of ['patch_embed.proj.weight', 'interpreter.0.qk.weight'])
      expect(deviation(name), name).toBeCloseTo(0.02, 3);
    expect(deviation('blocks.0.norm1.weight')).toBe(1);
    for (const name of ['head.weight', 'blocks.0.attn.qkv.bias']) expect(deviation(name), name).toBe(0);
  });

  it('tell every place and every time from every other, and neighbours less than those far away', () => {
    const rows = (name: string, from: number) => {
      const values = parameters.get(name);
      return Array.from({ length: values.length / 48 - from }, (_, i) =>
        values.subarray((from + i) * 48, (from + i + 1) * 48),
      );
    };
    const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - b[i]!));
    const [places, times] = [rows('pos_embed', 1), rows('time_embed', 0)];
    for (const set of [places, times]) {
      for (const [i, a] of set.entries()) for (const b of set.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(0.5);
    }
    expect(distance(places[0]!, places[1]!)).toBeLessThan(distance(places[0]!, places[15]!));
    expect(distance(places[0]!, places[4]!)).toBeCloseTo(distance(places[0]!, places[1]!), 5);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(initialParameters(config, selection, 1).numbers).toEqual(parameters.numbers);
    expect(initialParameters(config, selection, 2).numbers).not.toEqual(parameters.numbers);
  });
});

it('waves have the same strength everywhere', () => {
  for (const at of [0, 1, 7]) expect(waves(at, 32, 0.4).reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(16, 5);
});
