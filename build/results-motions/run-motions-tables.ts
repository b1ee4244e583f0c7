import { type FinishedTable, runTables } from '../results/run-tables.ts';
import { type Result, resultSchema, type TableName } from './document.ts';
import type { Measuring } from './measuring.ts';
import { pictureOf } from './picture-of.ts';
import { measuredOf } from './provenance.ts';
import { TABLES } from './tables.ts';

export interface MotionsTablesOptions {
  readonly measuring: Measuring;
  readonly tables: readonly TableName[];
  /** Folder for `<table>.json` and `<table>.svg`. */
  readonly out: string;
  /** Measures also what is there. */
  readonly again: boolean;
  /** Threads of the CPU. */
  readonly threads: number;
}

/** Measures tables of Motions one after another, as {@link runTables} does. */
export function runMotionsTables({
  measuring,
  ...options
}: MotionsTablesOptions): AsyncGenerator<FinishedTable<TableName>, void, void> {
  return runTables<Result>({
    ...options,
    schema: resultSchema,
    measured: (table) => measuredOf(table, measuring),
    measure: (table) => TABLES[table].measure(measuring),
    picture: pictureOf,
  });
}
