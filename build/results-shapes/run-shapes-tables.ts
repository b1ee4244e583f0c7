import type { Measured } from '../results/provenance.ts';
import { type FinishedTable, runTables } from '../results/run-tables.ts';
import { type Result, resultSchema, type TableName } from './document.ts';
import type { Extent, Measuring } from './measuring.ts';
import { pictureOf } from './picture-of.ts';
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
  return runTables<Result>({
    ...options,
    schema: resultSchema,
    measured: (table) => measuredOf(table, measuring),
    measure: (table) => TABLES[table].measure(measuring),
    picture: pictureOf,
  });
}

const FLAGS: Readonly<Record<keyof Extent, string>> = {
  images: '--images',
  steps: '--steps',
  batch: '--batch',
  learningRate: '--learning-rate',
};

function measuredOf(table: TableName, measuring: Measuring): Measured {
  const { bundle, runtime, images: clips, peers } = measuring;
  const { seeds, extent } = TABLES[table];
  const flags = extent.map((part) => `${FLAGS[part]} ${measuring[part]}`);
  if (table === 'peers') flags.push(...peers.map(({ manifest }) => `--peer ${manifest.name}`));
  const command = `npm run results:shapes -- ${bundle.manifest.name} ${table} ${flags.join(' ')}`;
  return { data: 'shapes', bundle, beside: table === 'peers' ? peers : [], runtime, clips, seeds, command };
}
