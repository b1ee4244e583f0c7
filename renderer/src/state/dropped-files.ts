import { VIDEO_EXTENSIONS } from '#contract/video-files.ts';

/** Folders in folders are looked into so far. */
const DEEPEST = 8;

/**
 * The files that were dropped: each that was dropped by itself, and of folders those that are named like videos, by their
 * paths. To be called while the event is handled, for what it carries is gone afterwards.
 */
export function droppedFiles({ items, files }: DataTransfer): Promise<readonly File[]> {
  const entries = [...items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve([...files]);
  return filesOf(entries.filter((entry) => entry !== null));
}

/** Of the files of a folder that was chosen, those that are named like videos, by their paths. */
export function videosAmong(files: readonly File[]): readonly File[] {
  return files
    .filter(({ name }) => isVideoName(name) && !name.startsWith('.'))
    .toSorted((a, b) => a.webkitRelativePath.localeCompare(b.webkitRelativePath, undefined, { numeric: true }));
}

async function filesOf(entries: readonly FileSystemEntry[]): Promise<readonly File[]> {
  const files: File[] = [];
  for (const entry of entries) {
    if (isFile(entry)) files.push(await fileOf(entry));
    else if (isFolder(entry)) files.push(...(await videosIn(entry, 1)));
  }
  return files;
}

async function videosIn(folder: FileSystemDirectoryEntry, depth: number): Promise<readonly File[]> {
  const files: File[] = [];
  const entries = await entriesOf(folder);
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))) {
    if (entry.name.startsWith('.')) continue;
    if (isFile(entry) && isVideoName(entry.name)) files.push(await fileOf(entry));
    else if (isFolder(entry) && depth < DEEPEST) files.push(...(await videosIn(entry, depth + 1)));
  }
  return files;
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

function isVideoName(name: string): boolean {
  const [, extension] = /\.([^.]+)$/.exec(name.toLowerCase()) ?? [];
  return extension !== undefined && VIDEO_EXTENSIONS.includes(extension);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
