import { randomPicture, thresholdsPicture } from '../results/pictures/interpreter-pictures.ts';
import { type FinishedTable, runTables } from '../results/run-tables.ts';
import { type Result, resultSchema, type TableName } from './document.ts';
import type { Measuring } from './measuring.ts';
import { TABLES } from './tables.ts';

export interface ShapesTablesOptions {
  readonly measuring: Measuring;
  readonly tables: readonly TableName[];
  /** Folder for `<table>.json` and `<table>.svg`. */
  readonly out: string;
  /** Measures also what is there. */
  readonly again: boolean;
  /** Threads of the CPU. */
  readonly threads: number;
}

/** Measures tables of Shapes one after another, as {@link runTables} does. */
export function runShapesTables({
  measuring,
  ...options
}: ShapesTablesOptions): AsyncGenerator<FinishedTable<TableName>, void, void> {
  const { bundle, runtime, images: clips } = measuring;
  return runTables<Result>({
    ...options,
    schema: resultSchema,
    measured(table) {
      const command = `npm run results:shapes -- ${bundle.manifest.name} ${table} --images ${clips}`;
      return { data: 'shapes', bundle, runtime, clips, seeds: TABLES[table].seeds, command };
    },
    measure: (table) => TABLES[table].measure(measuring),
    picture: pictureOf,
  });
}

/** The picture of a table, an SVG file as text. */
function pictureOf(result: Result): string {
  switch (result.table) {
    case 'thresholds':
      return thresholdsPicture(result);
    case 'random':
      return randomPicture(result);
  }
}
