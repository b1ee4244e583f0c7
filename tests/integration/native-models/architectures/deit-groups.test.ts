import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEntry, addGroup } from '#native-models/architectures/deit/group-graphs.ts';
import { roundedUp, rowFeeds, rowsOf } from '#native-models/architectures/kept-rows.ts';
import { type Parameters, storedParameters } from '#native-models/architectures/parameters.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { FloatType } from '#native-models/onnx/dtype.ts';
import { GOLDEN_DEIT, GOLDEN_THRESHOLDS, importGoldenDeit, withoutClass } from '../../../fixtures/golden-deit.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { largestDifference, type PlainTensor } from '../plain-tensor.ts';
import { type GraphFile, loadGraph, type Run } from '../run-graph.ts';
import { FULL, goldenTensors, HALF, oneOf, type Tensors } from './golden-model.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let bundle: Bundle;
let file: GraphFile;
let golden: Tensors;
beforeAll(async () => {
  folder = await temporaryFolder();
  bundle = await importGoldenDeit(folder.path);
  file = { name: 'weights', bytes: await readFile(bundle.weightsPath) };
  golden = await goldenTensors('deit-ia-red2');
});
afterAll(() => folder[Symbol.asyncDispose]());

interface Variant {
  readonly fused: boolean;
  readonly bucket: number;
  readonly dtype: FloatType;
  readonly bound: number;
}

/** The entry and the three groups, as a device would have them. */
async function loadGroups({ fused, bucket, dtype }: Variant): Promise<readonly [Run, readonly Run[]]> {
  const deit = { config: GOLDEN_DEIT, selection: bundle.manifest.selection };
  const load = (add: (parameters: Parameters<FloatType>, precise: Parameters<'float32'>) => void) =>
    loadGraph(
      (graph) => {
        const stored = <D extends FloatType>(type: D) => storedParameters(graph, file.name, bundle.tensors, type);
        add(stored<FloatType>(dtype), stored('float32'));
      },
      [file],
    );
  const options = { spatial: fused, temporal: fused, padded: bucket > 1 };
  const entry = await load((parameters, precise) => addEntry(deit, parameters, precise));
  const groups = await Promise.all(
    [0, 1, 2].map((group) => load((parameters, precise) => addGroup(deit, group, parameters, precise, options))),
  );
  return [entry, groups];
}

describe('the gathered groups of the published DeiT', () => {
  it.each<Variant>([
    { fused: false, bucket: 1, dtype: 'float32', bound: FULL },
    { fused: true, bucket: 16, dtype: 'float32', bound: FULL },
    { fused: false, bucket: 16, dtype: 'float32', bound: FULL },
    { fused: true, bucket: 1, dtype: 'float16', bound: HALF },
    { fused: false, bucket: 16, dtype: 'float16', bound: HALF },
  ])('answer what the released tool does: %o', async (variant) => {
    const { bucket, bound } = variant;
    const [entry, groups] = await loadGroups(variant);
    for (const [, suffix] of GOLDEN_THRESHOLDS) {
      const image = oneOf(golden.image!, 1);
      let { tokens } = await entry({ image });
      let present = Array.from({ length: 64 }, (_, patch) => patch);
      let logits: PlainTensor | undefined;
      for (const [group, run] of groups.entries()) {
        const policy = withoutClass(oneOf(golden[`policy_${group}${suffix}`]!, 1).numbers);
        const places = Uint32Array.from(present.keys()).filter((place) => policy[present[place]!] === 1);
        const rows = rowsOf(places, bucket === 1 ? places.length : roundedUp(places.length, bucket));
        const feeds = Object.entries(rowFeeds(rows, bucket > 1)).map(
          ([name, { dims, data }]) => [name, { sizes: dims, numbers: Array.from(data, Number) }] as const,
        );
        const results = await run({ entered: tokens!, ...Object.fromEntries(feeds) });
        present = Array.from(places, (place) => present[place]!);
        if (results.scores !== undefined) expect(results.scores.sizes).toEqual([1, 1 + rows.keptRows.length]);
        tokens = results.tokens;
        logits = results.logits;
      }
      expect(largestDifference(logits!.numbers, oneOf(golden[`logits${suffix}`]!, 1).numbers)).toBeLessThan(bound);
    }
  });
});
