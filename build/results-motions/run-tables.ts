import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnwritableFileError } from '#contract/errors.ts';
import { type Result, resultSchema, type TableName } from './document.ts';
import type { Measuring } from './measuring.ts';
import { pictureOf } from './picture-of.ts';
import { isOf, provenanceOf } from './provenance.ts';
import { TABLES } from './tables.ts';

export interface RunTablesOptions {
  readonly measuring: Measuring;
  readonly tables: readonly TableName[];
  /** Folder for `<table>.json` and `<table>.svg`. */
  readonly out: string;
  /** Measures also what is there. */
  readonly again: boolean;
  /** Threads of the CPU. */
  readonly threads: number;
}

export interface FinishedTable {
  readonly table: TableName;
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
export async function* runTables(options: RunTablesOptions): AsyncGenerator<FinishedTable, void, void> {
  const { measuring, tables, out, again } = options;
  await writing(out, () => mkdir(out, { recursive: true }));
  for (const table of tables) {
    const file = join(out, `${table}.json`);
    const before = again ? null : await readResult(file);
    const kept = before !== null && before.table === table && isOf(before, measuring);
    const result = kept ? before : await measure(table, options);
    await writeWhole(join(out, `${table}.svg`), pictureOf(result));
    if (!kept) await writeWhole(file, `${JSON.stringify(result, rounded, 2)}\n`);
    yield { table, kept, file };
  }
}

async function measure(table: TableName, { measuring, threads }: RunTablesOptions): Promise<Result> {
  const started = performance.now();
  const content = await TABLES[table].measure(measuring);
  const provenance = provenanceOf(table, measuring, threads, (performance.now() - started) / 60_000);
  return resultSchema.parse({ formatVersion: 1, ...content, provenance });
}

/** Six digits are more than any of these figures is worth. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}

/** Null where there is none, or none of this version. */
async function readResult(file: string): Promise<Result | null> {
  try {
    return resultSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
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
