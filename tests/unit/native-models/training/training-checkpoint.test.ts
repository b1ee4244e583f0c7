import { cp, mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ResumeMismatchError, TrainingCheckpointInvalidError, UnwritableFileError } from '#contract/errors.ts';
import { ParameterSet } from '#native-models/training/parameter-set.ts';
import { differenceBetween, fingerprintOf } from '#native-models/training/run-settings.ts';
import {
  loadTrainingCheckpoint,
  type RunPosition,
  saveTrainingCheckpoint,
} from '#native-models/training/training-checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const SETTINGS = { seed: 1, optimizer: { kind: 'sgd', rates: [0.1, 0.2] } };
const SHAPES = new Map([
  ['a.weight', [2, 3]],
  ['a.bias', [2]],
]);

const position = (step: number): RunPosition => ({
  step,
  random: [1, 2 ** 32 - 1, 3, 4],
  running: { loss: 0.1 + 0.2 },
  trainedSeconds: 1 / 3,
});

/** Numbers that text would round, and the two zeros. */
function tensors(factor: number): Map<string, ParameterSet> {
  const set = (scale: number) => {
    const filled = new ParameterSet(SHAPES);
    filled.numbers.set([1 / 3, -0, 0, 1e-42, 3.4e38, Math.PI, -1e-7, 2].map((x) => x * scale));
    return filled;
  };
  return new Map([
    ['parameters', set(factor)],
    ['velocity', set(-factor)],
  ]);
}
const empty = () => new Map([...tensors(1)].map(([kind, set]) => [kind, set.zeros()]));
const bits = (sets: ReadonlyMap<string, ParameterSet>) =>
  [...sets].map(([kind, { numbers }]) => [kind, new Uint32Array(numbers.buffer)]);

async function loaded(directory: string): Promise<{ position: RunPosition | null; sets: Map<string, ParameterSet> }> {
  const sets = empty();
  return { position: await loadTrainingCheckpoint(directory, SETTINGS, sets), sets };
}

describe('a training checkpoint', () => {
  it('brings everything back bit by bit', async () => {
    await using folder = await temporaryFolder();
    const directory = join(folder.path, 'runs', 'first');
    await saveTrainingCheckpoint(directory, SETTINGS, position(7), tensors(1));
    const { position: found, sets } = await loaded(directory);
    expect(found).toEqual(position(7));
    expect(bits(sets)).toEqual(bits(tensors(1)));
  });

  it('is absent where no run was kept', async () => {
    await using folder = await temporaryFolder();
    expect((await loaded(folder.path)).position).toBeNull();
    expect((await loaded(join(folder.path, 'nothing'))).position).toBeNull();
  });

  it('takes the place of the one before, past any number of digits', async () => {
    await using folder = await temporaryFolder();
    for (const step of [9, 10, 999_999_999, 1_000_000_000]) {
      await saveTrainingCheckpoint(folder.path, SETTINGS, position(step), tensors(step));
      expect(await readdir(folder.path)).toHaveLength(1);
    }
    const { position: found, sets } = await loaded(folder.path);
    expect(found?.step).toBe(1_000_000_000);
    expect(bits(sets)).toEqual(bits(tensors(1_000_000_000)));
  });

  it('stays as it is when its step is written once more', async () => {
    await using folder = await temporaryFolder();
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(3), tensors(1));
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(3), tensors(2));
    expect(bits((await loaded(folder.path)).sets)).toEqual(bits(tensors(1)));
  });

  it('is the newest of two when the older one could not be removed in time', async () => {
    await using folder = await temporaryFolder();
    const older = await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1));
    await cp(older, join(folder.path, 'aside'), { recursive: true });
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(2), tensors(2));
    await cp(join(folder.path, 'aside'), older, { recursive: true });
    expect((await loaded(folder.path)).position?.step).toBe(2);
  });

  it('does not mind what a killed process left unfinished, and the next one sweeps it up', async () => {
    await using folder = await temporaryFolder();
    const first = await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1));
    for (const leftover of ['.partial-x', '.removed-y']) {
      await mkdir(join(folder.path, leftover));
      const content = await readFile(join(first, 'run.json'));
      await writeFile(join(folder.path, leftover, 'run.json'), content.subarray(0, content.length / 2));
    }
    expect((await loaded(folder.path)).position?.step).toBe(1);
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(2), tensors(2));
    expect(await readdir(folder.path)).toEqual(['step-000000002']);
  });

  it('that cannot be written leaves the one before as it is, and nothing else', async () => {
    await using folder = await temporaryFolder();
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1));
    // One array under a shape that it does not fill: the writer stops in the middle of the file.
    const broken = new ParameterSet(SHAPES);
    (broken.shapes as Map<string, readonly number[]>).set('a.bias', [3]);
    const save = saveTrainingCheckpoint(folder.path, SETTINGS, position(2), new Map([['parameters', broken]]));
    await expect(save).rejects.toThrow(RangeError);
    expect(await readdir(folder.path)).toEqual(['step-000000001']);
    expect((await loaded(folder.path)).position?.step).toBe(1);
  });

  it('cannot be written where there is a file', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'file');
    await writeFile(path, '');
    await expect(saveTrainingCheckpoint(path, SETTINGS, position(1), tensors(1))).rejects.toThrow(UnwritableFileError);
  });

  it('leaves other files of its folder alone', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'notes.txt'), 'mine');
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1));
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(2), tensors(2));
    expect((await readdir(folder.path)).sort()).toEqual(['notes.txt', 'step-000000002']);
  });

  it('is refused for other settings, which are named', async () => {
    await using folder = await temporaryFolder();
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1));
    const others = { ...SETTINGS, optimizer: { kind: 'sgd', rates: [0.1, 0.3] } };
    const load = () => loadTrainingCheckpoint(folder.path, others, empty());
    await expect(load()).rejects.toThrow(ResumeMismatchError);
    await expect(load()).rejects.toThrow('optimizer.rates.1 was 0.2 and is 0.3.');
  });

  it('is refused for a model with other tensors', async () => {
    await using folder = await temporaryFolder();
    await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1));
    for (const shapes of [
      new Map([
        ['a.weight', [3, 2]],
        ['a.bias', [2]],
      ]),
      new Map([['a.weight', [2, 3]]]),
    ]) {
      const sets = new Map([...empty()].map(([kind]) => [kind, new ParameterSet(shapes)]));
      await expect(loadTrainingCheckpoint(folder.path, SETTINGS, sets)).rejects.toThrow(TrainingCheckpointInvalidError);
    }
  });
});

describe('a damaged checkpoint is refused', () => {
  it.each<[string, (folder: string) => Promise<void>]>([
    ['without run.json', (folder) => rm(join(folder, 'run.json'))],
    ['with half a run.json', (folder) => truncate(join(folder, 'run.json'), 40)],
    ['with a run.json of something else', (folder) => writeFile(join(folder, 'run.json'), '{"formatVersion": 2}')],
    ['without tensors', (folder) => rm(join(folder, 'tensors.safetensors'))],
    [
      'with half of its tensors',
      async (folder) => {
        const path = join(folder, 'tensors.safetensors');
        await truncate(path, (await stat(path)).size / 2);
      },
    ],
    [
      'with one bit changed',
      async (folder) => {
        await using file = await open(join(folder, 'tensors.safetensors'), 'r+');
        const { size } = await file.stat();
        const last = new Uint8Array(1);
        await file.read(last, 0, 1, size - 1);
        await file.write(Uint8Array.of(last[0]! ^ 1), 0, 1, size - 1);
      },
    ],
  ])('%s', async (_, damage) => {
    await using folder = await temporaryFolder();
    await damage(await saveTrainingCheckpoint(folder.path, SETTINGS, position(1), tensors(1)));
    await expect(loaded(folder.path)).rejects.toThrow(TrainingCheckpointInvalidError);
  });
});

describe('settings', () => {
  it('are the same in any order of their keys, and other with any other value', () => {
    expect(fingerprintOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(fingerprintOf({ b: { d: null, c: [1, 2] }, a: 1 }));
    const others = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: { b: 1 } }, { a: null }, { a: [] }, { a: {} }, {}];
    expect(new Set(others.map(fingerprintOf)).size).toBe(others.length);
  });

  it('differ in what is named, three at most', () => {
    expect(differenceBetween({ a: 1, b: 'x' }, { b: 'y', c: true })).toBe(
      'a was 1 and is absent; b was "x" and is "y"; c was absent and is true.',
    );
    expect(differenceBetween({ v: [1, 2, 3, 4, 5] }, { v: [0, 0, 0, 0, 0] })).toMatch(/; 2 more\.$/);
  });
});
