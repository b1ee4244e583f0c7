import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import { SAMPLE } from '../../../fixtures/analysis.ts';
import { jobIn, sharedEngine } from '../../../fixtures/engine-host.ts';

const engine = sharedEngine();

const request = (keep: number, strideSeconds = 5): AnalysisRequest => ({
  ...{ model: 'untrained-tiny', views: 1, topK: 3, strideSeconds },
  selector: { keep },
});
const opened = async () => engine.client.videos.open(await engine.workspace.files.grant(SAMPLE));
const keepsOf = async () => (await opened()).results.map(({ settings }) => settings.keep);
const allow = async (results: number) => {
  const { storage } = await engine.client.settings.read();
  await engine.client.settings.change({ storage: { ...storage, results } });
};

async function analysed(keep: number): Promise<string> {
  const { file } = await opened();
  const { job } = await engine.client.analysis.begin({ file, request: request(keep) });
  await jobIn(engine.client, job, 'done');
  return job;
}

test('results are bounded: the one that was not used for longest makes room', async () => {
  await allow(2);
  for (const keep of [0.1, 0.2, 0.3]) await analysed(keep);
  await expect.poll(keepsOf, { timeout: 20_000 }).toEqual([0.3, 0.2]);
  // Shown again, the older one is used later than the other.
  const { file, results } = await opened();
  const { job } = await engine.client.analysis.reopen({ file, result: results[1]!.result });
  await Array.fromAsync(engine.client.analysis.watch({ job }));
  await analysed(0.4);
  await expect.poll(keepsOf, { timeout: 20_000 }).toEqual([0.4, 0.2]);
});

test('a lower bound counts at once, but not for what is on screen', async () => {
  const { file, results } = await opened();
  expect(results).toHaveLength(2);
  const { job } = await engine.client.analysis.begin({ file, request: request(0.9, 0.05) });
  let clips = 0;
  for await (const event of engine.client.analysis.watch({ job })) {
    if (event.type !== 'clip') continue;
    clips += 1;
    if (clips === 1) {
      await allow(1);
      await expect.poll(keepsOf, { timeout: 20_000 }).toEqual([0.9]);
    }
    if (clips === 3) break;
  }
  await engine.client.analysis.cancel({ job });
  expect((await opened()).results[0]!.clipsDone).toBeGreaterThanOrEqual(3);
  const [video] = await readdir(join(engine.folder, 'results'));
  expect(await readdir(join(engine.folder, 'results', video!))).toHaveLength(1);
});
