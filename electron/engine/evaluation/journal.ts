import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ResumeMismatchError, UnwritableFileError } from '#contract/errors.ts';

/** What videos are judged by: each way of judging has journals of its own. */
export interface JournalKind<Outcome extends { readonly video: number }> {
  /** What it is called in the file. */
  readonly name: string;
  /** What is kept of each video, by its index in the data set. One with a `failure` is not taken for a result. */
  readonly outcome: z.ZodType<Outcome>;
}

/** What an evaluation is of. Results of another one are of no use to it. */
const identitySchema = z.strictObject({
  model: z.string(),
  device: z.string(),
  data: z.string(),
  settings: z.string(),
});
export type EvaluationIdentity = z.infer<typeof identitySchema>;

const headSchema = z.strictObject({
  patchlight: z.string(),
  version: z.literal(1),
  identity: identitySchema,
});

const WORDS: Readonly<Record<keyof EvaluationIdentity, string>> = {
  model: 'of another model',
  device: 'from another device or precision',
  data: 'of other videos',
  settings: 'of other settings',
};

/** Stands for a value of any size in an {@link EvaluationIdentity}. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/**
 * The results of an evaluation under way, on disk: a line for each video, added as soon as it is judged. Whenever the
 * program is killed, every whole line counts, and half of a last one is cut off.
 */
export class Journal<Outcome extends { readonly video: number }> implements AsyncDisposable {
  readonly path: string;
  /** Results that were there when the journal was opened. Videos that had failed are not among them: they get another chance. */
  readonly judged: readonly Outcome[];
  readonly #file: FileHandle;

  private constructor(path: string, judged: readonly Outcome[], file: FileHandle) {
    this.path = path;
    this.judged = judged;
    this.#file = file;
  }

  /**
   * Goes on with the journal at `path`, or begins it.
   *
   * @throws ResumeMismatchError when what is there is a journal of other work, or none.
   * @throws UnwritableFileError
   */
  static async open<Outcome extends { readonly video: number }>(
    path: string,
    identity: EvaluationIdentity,
    kind: JournalKind<Outcome>,
  ): Promise<Journal<Outcome>> {
    const place = resolve(path);
    const bytes = await readIfThere(place);
    if (bytes === null || bytes.length === 0) {
      const head = { patchlight: kind.name, version: 1, identity } satisfies z.infer<typeof headSchema>;
      return writing(place, async () => {
        const draft = `${place}.${process.pid}.part`;
        try {
          await writeFile(draft, `${JSON.stringify(head)}\n`);
          await rename(draft, place);
        } finally {
          await rm(draft, { force: true });
        }
        return new Journal<Outcome>(place, [], await open(place, 'a'));
      });
    }
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    const [first = '', ...lines] = whole.toString('utf8').split('\n').slice(0, -1);
    checkHead(place, first, identity, kind.name);
    const judged = new Map<number, Outcome>();
    for (const [i, line] of lines.entries()) {
      const outcome = kind.outcome.safeParse(fromJson(line));
      if (!outcome.success) throw mismatch(place, `is damaged in line ${i + 2}`);
      if (!('failure' in outcome.data)) judged.set(outcome.data.video, outcome.data);
    }
    return writing(place, async () => {
      const file = await open(place, 'a');
      await file.truncate(whole.length);
      return new Journal(place, [...judged.values()], file);
    });
  }

  /** Adds what came of one video. */
  async add(outcome: Outcome): Promise<void> {
    await writing(this.path, () => this.#file.appendFile(`${JSON.stringify(outcome)}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function checkHead(path: string, line: string, identity: EvaluationIdentity, kind: string): void {
  const head = headSchema.safeParse(fromJson(line));
  if (!head.success || head.data.patchlight !== kind) throw mismatch(path, 'holds no kept results of such work');
  for (const part of ['model', 'data', 'settings', 'device'] as const) {
    if (head.data.identity[part] !== identity[part]) throw mismatch(path, `holds results ${WORDS[part]}`);
  }
}

function mismatch(path: string, what: string): ResumeMismatchError {
  return new ResumeMismatchError(`${path} ${what}, so the evaluation cannot go on from there.`, {
    hint: 'Repeat the command as it was, choose another file, or delete this one to begin anew.',
  });
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unwritable(path, thrown);
  }
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

function unwritable(path: string, cause: unknown): UnwritableFileError {
  return new UnwritableFileError(`${path} cannot be written.`, {
    hint: 'Choose another place, or make room there.',
    detail: String(cause),
    cause,
  });
}
