import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Journal } from '#engine/evaluation/journal.ts';
import { EVALUATION_JOURNAL } from '#engine/evaluation/outcome.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const identity = { model: 'a', device: 'b', data: 'c', settings: 'd' };
const outcome = (video: number) => ({
  video,
  judgements: [{ clip1: 1, video1: null, keptTokens: 3, gmacs: 0.25, inferenceMs: 1.5 }],
});
const failed = (video: number) => ({
  video,
  failure: { path: 'x.mp4', error: { code: 'not-a-video', message: 'No.' } },
});

describe('a journal', () => {
  test('gives back what was added, and takes more', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run.progress');
    for (let run = 0; run < 3; run++) {
      await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
      expect(journal.judged).toEqual(Array.from({ length: run }, (_, video) => outcome(video)));
      await journal.add(outcome(run));
    }
    expect(await readdir(folder.path)).toEqual(['run.progress']);
  });

  test('gives videos that failed another chance', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run.progress');
    {
      await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
      await journal.add(failed(0));
      await journal.add(outcome(1));
      await journal.add(failed(2));
    }
    {
      await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
      expect(journal.judged).toEqual([outcome(1)]);
      await journal.add(outcome(0));
    }
    await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
    expect(journal.judged).toEqual([outcome(1), outcome(0)]);
  });

  test('cut off anywhere keeps its whole lines and goes on', async () => {
    await using folder = await temporaryFolder();
    const whole = join(folder.path, 'whole.progress');
    {
      await using journal = await Journal.open(whole, identity, EVALUATION_JOURNAL);
      for (let video = 0; video < 4; video++) await journal.add(outcome(video));
    }
    const bytes = await readFile(whole);
    const head = bytes.indexOf('\n') + 1;
    const line = (bytes.length - head) / 4;
    const path = join(folder.path, 'cut.progress');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: head, max: bytes.length }), async (length) => {
        await writeFile(path, bytes.subarray(0, length));
        const left = Math.floor((length - head) / line);
        {
          await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
          expect(journal.judged).toHaveLength(left);
          await journal.add(outcome(9));
        }
        await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
        expect(journal.judged.at(-1)).toEqual(outcome(9));
        expect(journal.judged).toHaveLength(left + 1);
      }),
      { numRuns: 40 },
    );
  });

  test('of other work is refused', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run.progress');
    await (await Journal.open(path, identity, EVALUATION_JOURNAL))[Symbol.asyncDispose]();
    const other = { name: 'other work', outcome: EVALUATION_JOURNAL.outcome };
    await expect(Journal.open(path, identity, other)).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('holds no kept results of such work'),
    });
  });

  test('with nonsense in it is refused, and says in which line', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run.progress');
    {
      await using journal = await Journal.open(path, identity, EVALUATION_JOURNAL);
      await journal.add(outcome(0));
    }
    await appendFile(path, '{"video":1}\n');
    await expect(Journal.open(path, identity, EVALUATION_JOURNAL)).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('is damaged in line 3'),
    });
  });

  test('in a place that cannot be written is refused', async () => {
    await using folder = await temporaryFolder();
    const opening = Journal.open(join(folder.path, 'no', 'such', 'run.progress'), identity, EVALUATION_JOURNAL);
    await expect(opening).rejects.toMatchObject({ code: 'file-unwritable' });
    await expect(Journal.open(folder.path, identity, EVALUATION_JOURNAL)).rejects.toMatchObject({
      code: 'file-unwritable',
    });
  });
});
