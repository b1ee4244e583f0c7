import { expect, test } from 'vitest';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { ofType, SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';
import { pretendedCuda } from '../../../fixtures/inference/pretended-device.ts';

test('a device that fails in the middle of a video costs a warning and no clip', async () => {
  const request = { views: 1, selector: { keep: 0.5 } } as const;
  const backend = pretendedCuda((run) => (run >= 5 ? 'CUDA failure 719: unspecified launch failure' : undefined));
  await using failing = await openEngine(await tinyBundle(), { device: 'auto', precision: 'fp32', backend });
  await using sound = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });
  const events = await Array.fromAsync(analyze(SAMPLE, request, failing));
  const expected = ofType(await Array.fromAsync(analyze(SAMPLE, request, sound)), 'done')[0]!.analysis;
  const { analysis } = ofType(events, 'done')[0]!;

  expect(ofType(events, 'start')[0]!.start.device.used).toBe('cuda');
  expect(analysis.device.used).toBe('cpu');
  expect(ofType(events, 'warning').map(({ warning }) => warning.code)).toEqual(['device-fell-back']);
  expect(analysis.video.warnings.map(({ code }) => code)).toEqual(['device-fell-back']);
  expect(analysis.clips.map(({ index }) => index)).toEqual(expected.clips.map(({ index }) => index));
  for (const [i, clip] of analysis.clips.entries()) {
    expect(clip.oneClip.top[0]!.index).toBe(expected.clips[i]!.oneClip.top[0]!.index);
    expect(clip.oneClip.top[0]!.probability).toBeCloseTo(expected.clips[i]!.oneClip.top[0]!.probability, 4);
  }
});
