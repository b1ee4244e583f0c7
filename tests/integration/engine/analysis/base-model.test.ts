import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { baseModel } from '#engine/measurement/base-model.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { SAMPLE } from '../../../fixtures/analysis.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

test('the base model neither holds up the event loop nor delays a cancel', { timeout: 300_000, retry: 2 }, async () => {
  await using folder = await temporaryFolder();
  const bundle = await createRandomBundle(join(folder.path, 'base'), baseModel('joint_space_time'), {
    seed: 1,
    selection: { heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 12 }] },
    title: 'TimeSformer-B/16 with random weights',
    dtype: 'F16',
  });
  await using engine = await openEngine(bundle, { device: 'cpu', precision: 'fp32' });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const abort = new AbortController();
  let askedAt = 0;
  const run = async () => {
    let views = 0;
    for await (const event of analyze(SAMPLE, { views: 3, selector: { keep: 0.3 } }, engine, abort.signal)) {
      // The first view loads the model.
      if (event.type === 'progress') views++;
      if (views === 1 && event.type === 'progress') delay.enable();
      if (views === 2 && event.type === 'scores') {
        setTimeout(() => {
          delay.disable();
          askedAt = performance.now();
          abort.abort(new Error('enough'));
        }, 100);
      }
    }
  };
  await expect(run()).rejects.toThrow('enough');
  const answeredMs = performance.now() - askedAt;
  // Far less than a view takes; the inference under way ends by itself, unheard.
  expect(answeredMs).toBeLessThan(200);
  // A busy machine may hold up any process for a moment (hence the percentile, and the retry).
  expect(delay.percentile(99) / 1e6).toBeLessThan(50);
});
