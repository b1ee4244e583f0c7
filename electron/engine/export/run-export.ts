import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ExportKind, ExportSettings } from '#contract/export-choice.ts';
import type { ExportSource } from './export-source.ts';
import type { ExportCall, ExportWriter } from './export-writer.ts';
import { writerOf } from './formats.ts';
import { Draft, targetExists } from './targets/draft.ts';
import { checkInside, checkNotSource } from './targets/target-path.ts';

/** A file that is to be written. */
export interface TargetFile {
  readonly path: string;
  /** The clip that it is about, where there is a file for each. */
  readonly clip: number | null;
  /** Whether it may take the place of a file that is there. */
  readonly replace: boolean;
}

export interface ExportTask {
  readonly kind: ExportKind;
  /** Nothing is written outside of it. */
  readonly folder: string;
  readonly files: readonly TargetFile[];
}

export interface ExportRunOptions {
  readonly settings: ExportSettings;
  readonly signal: AbortSignal;
  /** Told how far the work is, 0 … 1. */
  readonly onProgress?: (share: number) => void;
  /** Told of every file that is whole, before it is put in its place. */
  readonly onWhole?: (file: TargetFile, stamp: Awaited<ReturnType<Draft['stamp']>>) => Promise<void>;
  /** Told of every file that is in its place. */
  readonly onFile?: (file: TargetFile, bytes: number) => void;
}

/**
 * Writes the files of one export, each whole or not at all. Those that are in their place when something goes wrong stay.
 *
 * @throws TargetExistsError, TargetInvalidError, UnwritableFileError, DiskFullError, FileNotFoundError when the source is
 *   needed and gone, what the writer throws, the signal's reason
 */
export async function runExport(source: ExportSource, task: ExportTask, options: ExportRunOptions): Promise<void> {
  const { signal, onProgress = () => {} } = options;
  signal.throwIfAborted();
  for (const file of task.files) await checkTarget(source, file);
  const writer = writerOf(task.kind);
  const call = { settings: options.settings, signal, onProgress };
  if (writer.by === 'clips') await writeClips(source, task, writer, call, options);
  else for (const file of task.files) await writeOne(source, task, writer, file, call, options);
  onProgress(1);
}

async function writeOne(
  source: ExportSource,
  task: ExportTask,
  writer: Exclude<ExportWriter, { readonly by: 'clips' }>,
  file: TargetFile,
  call: Omit<ExportCall, 'target'>,
  options: ExportRunOptions,
): Promise<void> {
  await using draft = await Draft.begin(file.path, writer.by === 'draft' ? extname(file.path) : '');
  await checkInside(task.folder, file.path);
  const asked: ExportCall = { ...call, target: file.path };
  if (writer.by === 'content') await draft.write(writer.write(source, asked), call.signal);
  else await writer.write(source, draft.path, asked);
  await putInPlace(draft, file, options);
}

async function writeClips(
  source: ExportSource,
  task: ExportTask,
  writer: Extract<ExportWriter, { readonly by: 'clips' }>,
  call: Omit<ExportCall, 'target'>,
  options: ExportRunOptions,
): Promise<void> {
  const byClip = new Map(task.files.flatMap((file) => (file.clip === null ? [] : [[file.clip, file] as const])));
  for await (const { clip, content } of writer.write(source, [...byClip.keys()], call)) {
    const file = byClip.get(clip);
    if (file === undefined) throw new Error(`Nobody asked for clip ${clip}.`);
    await using draft = await Draft.begin(file.path);
    await checkInside(task.folder, file.path);
    await draft.write(once(content), call.signal);
    await putInPlace(draft, file, options);
  }
}

async function putInPlace(draft: Draft, file: TargetFile, options: ExportRunOptions): Promise<void> {
  options.signal.throwIfAborted();
  const stamp = await draft.stamp();
  await options.onWhole?.(file, stamp);
  await draft.finish(file.replace);
  options.onFile?.(file, stamp.bytes);
}

/** Before anything is computed. */
async function checkTarget(source: ExportSource, { path, replace }: TargetFile): Promise<void> {
  await checkNotSource(path, source.video.path);
  const there = await stat(path).catch(() => null);
  if (there === null) return;
  if (!replace || !there.isFile()) throw targetExists(path);
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield content;
}
