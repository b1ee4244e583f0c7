import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { UnwritableFileError } from '#contract/errors.ts';
import { isOf, type Measured, type Provenance, provenanceOf } from './provenance.ts';

interface AnyResult {
  readonly table: string;
  readonly provenance: Provenance;
}

export interface RunTablesOptions<Result extends AnyResult> {
  readonly tables: readonly Result['table'][];
  readonly schema: z.ZodType<Result>;
  /** Folder for `<table>.json` and `<table>.svg`. */
  readonly out: string;
  /** Measures also what is there. */
  readonly again: boolean;
  /** Threads of the CPU. */
  readonly threads: number;
  /** What a table is about. */
  measured(table: Result['table']): Measured;
  /** What comes of it, but for its provenance. */
  measure(table: Result['table']): Promise<object>;
  /** An SVG file as text. */
  picture(result: Result): string;
}

export interface FinishedTable<Name extends string> {
  readonly table: Name;
  /** Whether it was there, measured on the same weights and in the same way; then only its picture was drawn anew. */
  readonly kept: boolean;
  readonly file: string;
}

/**
 * Measures tables one after another. The document of a table is written last, and whole: where it is, the table is
 * finished, and an interrupted run goes on with the next.
 *
 * @throws UnwritableFileError; what inference and training throw; the signal's reason
 */
export async function* runTables<Result extends AnyResult>(
  options: RunTablesOptions<Result>,
): AsyncGenerator<FinishedTable<Result['table']>, void, void> {
  const { tables, schema, out, again, measured, picture } = options;
  await writing(out, () => mkdir(out, { recursive: true }));
  for (const table of tables) {
    const file = join(out, `${table}.json`);
    const before = again ? null : await readResult(file, schema);
    const kept = before !== null && before.table === table && isOf(before.provenance, measured(table));
    const result = kept ? before : await measure(table, options);
    await writeWhole(join(out, `${table}.svg`), picture(result));
    if (!kept) await writeWhole(file, `${JSON.stringify(result, rounded, 2)}\n`);
    yield { table, kept, file };
  }
}

async function measure<Result extends AnyResult>(
  table: Result['table'],
  options: RunTablesOptions<Result>,
): Promise<Result> {
  const started = performance.now();
  const content = await options.measure(table);
  const minutes = (performance.now() - started) / 60_000;
  const provenance = provenanceOf(options.measured(table), options.threads, minutes);
  return options.schema.parse({ formatVersion: 1, ...content, provenance });
}

/** Six digits are more than any of these figures is worth. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}

/** Null where there is none, or none of this version. */
async function readResult<Result>(file: string, schema: z.ZodType<Result>): Promise<Result | null> {
  try {
    return schema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

async function writeWhole(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  await writing(file, async () => {
    try {
      await writeFile(draft, content);
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
  });
}

async function writing(path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new UnwritableFileError(`${path} cannot be written.`, {
      hint: 'Choose another place with --out, or make room there.',
      detail: String(cause),
      cause,
    });
  }
}
