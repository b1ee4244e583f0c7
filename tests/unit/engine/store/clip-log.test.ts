import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClipResult, ViewScores } from '#contract/analysis.ts';
import { ClipLog, DamagedLog } from '#engine/store/clip-log.ts';
import { recordClip, recordedScores } from '#engine/store/recorded-clip.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const TOKENS = 21;

function clipOf(index: number): { clip: ClipResult; scores: ViewScores[]; probabilities: Float32Array } {
  const times = { startSeconds: index, endSeconds: index + 1, frameSeconds: [index, index + 0.5] };
  const crops = ['left', 'center', 'right'] as const;
  const origin = [index, 2] as [number, number];
  const clip = {
    ...{ index, ...times, frameIndices: [index * 30, index * 30 + 15] },
    views: crops.map((crop) => ({ crop, origin, keptTokens: 3, totalTokens: TOKENS, gmacs: 1.5, top: [] })),
    oneClip: { top: [{ index: 3, label: 'waving', probability: 0.5 }] },
  };
  // As an analysis gives them: the centre first.
  const scores = (['center', 'left', 'right'] as const).map((crop, i) => ({
    ...{ clip: index, crop, origin, frameSize: [40, 20] as const, ...times },
    scores: Float32Array.from({ length: TOKENS }, (_, token) => Math.sin(token + i + index)),
    kept: Uint32Array.of(0, 7 + i, 20),
  }));
  return { clip, scores, probabilities: Float32Array.of(index, 0.25, 0.125) };
}

async function logWith(clips: number) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'clips.log');
  const log = await ClipLog.open(path);
  for (let index = 0; index < clips; index++) {
    const { clip, scores, probabilities } = clipOf(index);
    await log.append(recordClip(clip, probabilities, scores));
  }
  await log[Symbol.asyncDispose]();
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('clips come back as they were given, also after the next start', async () => {
  await using it = await logWith(3);
  await using log = await ClipLog.open(it.path);
  expect(log.count).toBe(3);
  for (let index = 0; index < 3; index++) {
    const { clip, scores, probabilities } = clipOf(index);
    const recorded = await log.read(index);
    expect(recorded.clip).toEqual(clip);
    expect(recorded.probabilities).toEqual(probabilities);
    expect(recordedScores(recorded)).toEqual(scores);
  }
});

test('clips that are added at the same time all arrive, in order', async () => {
  await using it = await logWith(0);
  await using log = await ClipLog.open(it.path);
  const records = Array.from({ length: 20 }, (_, index) => clipOf(index));
  await Promise.all(
    records.map(({ clip, scores, probabilities }) => log.append(recordClip(clip, probabilities, scores))),
  );
  const indices = await Promise.all(records.map(async (_, i) => (await log.read(i)).clip.index));
  expect(indices).toEqual(records.map((_, i) => i));
});

test('whatever a killed program left of its last record is cut off, and the log goes on', async () => {
  await using it = await logWith(2);
  const whole = (await stat(it.path)).size;
  const bytes = await readFile(it.path);
  const { size: two } = await stat(it.path);
  await using one = await logWith(1);
  const { size: first } = await stat(one.path);
  for (const cut of [first + 1, first + 7, first + 8, first + 9, two - 1]) {
    await writeFile(it.path, bytes.subarray(0, cut));
    await using log = await ClipLog.open(it.path);
    expect(log.count).toBe(1);
    const { clip, scores, probabilities } = clipOf(1);
    await log.append(recordClip(clip, probabilities, scores));
    expect((await stat(it.path)).size).toBe(whole);
  }
  expect(await readFile(it.path)).toEqual(bytes);
});

test('room that the system had made for a record before the power went is no record', async () => {
  await using it = await logWith(2);
  const { size } = await stat(it.path);
  await truncate(it.path, size + 4000);
  await using log = await ClipLog.open(it.path);
  expect(log.count).toBe(2);
  expect((await stat(it.path)).size).toBe(size);
});

describe('what is damaged before its end is no log', () => {
  test('a changed byte in the first of two records', async () => {
    await using it = await logWith(2);
    const bytes = await readFile(it.path);
    bytes[40]! ^= 1;
    await writeFile(it.path, bytes);
    await expect(ClipLog.open(it.path)).rejects.toThrow(DamagedLog);
  });

  test('another file', async () => {
    await using it = await logWith(0);
    await writeFile(it.path, 'GIF89a and so on');
    await expect(ClipLog.open(it.path)).rejects.toThrow(DamagedLog);
  });

  test('a record that claims gigabytes', async () => {
    await using it = await logWith(0);
    await writeFile(it.path, Buffer.concat([Buffer.from('PLCLIPS1'), Buffer.alloc(64, 0xff)]));
    await expect(ClipLog.open(it.path)).rejects.toThrow(DamagedLog);
  });
});
