import { isStillName, isVideoName } from './file-kinds.ts';

/** Folders in folders are looked into so far. */
const DEEPEST = 8;

/** What is taken of what was dropped or chosen. */
export interface TakenFiles {
  readonly files: readonly File[];
  /** Whether folders hold images, which are left there: they are looked at one by one. */
  readonly leavesImages: boolean;
}

/**
 * The files that were dropped: each that was dropped by itself, and of folders those that are named like videos, by their
 * paths. To be called while the event is handled, for what it carries is gone afterwards.
 */
export function droppedFiles({ items, files }: DataTransfer): Promise<TakenFiles> {
  const entries = [...items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve({ files: [...files], leavesImages: false });
  return filesOf(entries.filter((entry) => entry !== null));
}

/** Of the files of a folder that was chosen, those that are named like videos, by their paths. */
export function videosAmong(files: readonly File[]): TakenFiles {
  const shown = files.filter(({ name }) => !name.startsWith('.'));
  return {
    files: shown
      .filter(({ name }) => isVideoName(name))
      .toSorted((a, b) => a.webkitRelativePath.localeCompare(b.webkitRelativePath, undefined, { numeric: true })),
    leavesImages: shown.some(({ name }) => isStillName(name)),
  };
}

async function filesOf(entries: readonly FileSystemEntry[]): Promise<TakenFiles> {
  const taken = { files: [] as File[], leavesImages: false };
  for (const entry of entries) {
    if (isFile(entry)) taken.files.push(await fileOf(entry));
    else if (isFolder(entry)) await takeVideos(entry, 1, taken);
  }
  return taken;
}

async function takeVideos(
  folder: FileSystemDirectoryEntry,
  depth: number,
  taken: { readonly files: File[]; leavesImages: boolean },
): Promise<void> {
  const entries = await entriesOf(folder);
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))) {
    if (entry.name.startsWith('.')) continue;
    if (isFile(entry) && isVideoName(entry.name)) taken.files.push(await fileOf(entry));
    else if (isFolder(entry) && depth < DEEPEST) await takeVideos(entry, depth + 1, taken);
    else taken.leavesImages ||= isFile(entry) && isStillName(entry.name);
  }
}

/** A reader gives a hundred at a time, and nothing when it is through. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
