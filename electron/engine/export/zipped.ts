import { Zip, ZipPassThrough } from 'fflate';

/** A file of an archive; asked for its content once. */
export interface ZipEntry {
  readonly name: string;
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Beyond it a zip archive needs extensions that not every reader knows. */
export const MOST_ZIP_BYTES = 2 ** 32 - 2 ** 20;

/** A zip archive, piece by piece; nothing in it is compressed. The same entries give the same bytes, whenever they are written. */
export async function* zipped(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for (const { name, content } of entries) {
    const entry = new ZipPassThrough(name);
    entry.mtime = new Date(1980, 0, 1);
    zip.add(entry);
    for await (const chunk of content()) {
      entry.push(chunk);
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}
