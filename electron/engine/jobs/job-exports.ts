import { z } from 'zod';
import { errorDataSchema } from '#contract/error-data.ts';
import { type ExportOrder, exportKindSchema, exportOrderSchema } from '#contract/export-choice.ts';
import type { FileId } from '#contract/files.ts';
import { type Job, type JobExports, jobExportStateSchema } from '#contract/jobs.ts';
import type { FileRegistry } from '../files/file-registry.ts';

/** What of a job's exports outlives the engine: there, folders and files have paths. */
export const exportsRecordSchema = exportOrderSchema.omit({ destination: true }).extend({
  destination: z.discriminatedUnion('to', [
    z.object({ to: z.literal('beside') }),
    z.object({ to: z.literal('folder'), path: z.string() }),
    z.object({ to: z.literal('download') }),
  ]),
  state: jobExportStateSchema,
  written: z.int(),
  current: z.int(),
  failures: z.array(z.object({ kind: exportKindSchema, error: errorDataSchema })),
  /** Of each export the first file. */
  files: z.array(z.string()),
});
export type ExportsRecord = z.infer<typeof exportsRecordSchema>;

/** Where exports go, and the folder of it by its path. */
export type ExportPlace = ExportsRecord['destination'];

/** What became of all exports of a job. */
export type ExportsOutcome = Pick<ExportsRecord, 'written' | 'current' | 'failures' | 'files'>;

const NOTHING_YET = { state: 'waiting', written: 0, current: 0, failures: [], files: [] } as const;

/** Exports that were asked for, nothing of which is made. */
export function orderedExports(order: Omit<ExportOrder, 'destination'>, destination: ExportPlace): ExportsRecord {
  return begunAnew({ ...order, destination, ...NOTHING_YET, failures: [], files: [] });
}

/** The same exports once more. */
export function begunAnew(record: ExportsRecord): ExportsRecord {
  return { ...record, ...NOTHING_YET, failures: [], files: [] };
}

/** As they are when the engine starts: what was being written is to be written, and downloads went away with the engine before. */
export function afterStart(record: ExportsRecord | null): ExportsRecord | null {
  if (record === null || record.state === 'waiting') return record;
  if (record.state === 'running') return begunAnew(record);
  return record.destination.to === 'download' ? null : record;
}

/** Whether something is still to be written. */
export function isPending(record: ExportsRecord | null): boolean {
  return record?.state === 'waiting' || record?.state === 'running';
}

/** As windows see them: without paths. */
export function publicExports(
  record: ExportsRecord,
  progress: Pick<JobExports, 'share' | 'secondsLeft'>,
  files: FileRegistry,
): NonNullable<Job['exports']> {
  const { exports, destination, state, written, current, failures } = record;
  const isDownload = destination.to === 'download';
  const folder = (path: string): FileId => files.remember(path).file;
  return {
    kinds: exports.map(({ kind }) => kind),
    destination: destination.to === 'folder' ? { to: 'folder', folder: folder(destination.path) } : destination,
    ...{ state, ...progress, written, current, failures },
    files: record.files.map((path) => files.remember(path, isDownload)),
  };
}
