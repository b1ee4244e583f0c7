import type { Licence } from '#contract/model-fetch.ts';

/** A file of a source, and how to tell whether it is still the same one. */
export interface RemoteFile {
  readonly name: string;
  readonly url: URL;
  /** `null` where the server does not say. */
  readonly bytes: number | null;
  /** As the publisher states it. */
  readonly sha256: string | null;
  /** What the server calls this state of the file: an entity tag, or when it was changed. */
  readonly validator: string | null;
}

/** What a source has. */
export interface RemoteModel {
  /** The source as it is asked for again. */
  readonly source: string;
  readonly title: string;
  /** For people, without keys. */
  readonly page: string;
  readonly revision: string | null;
  /** How it is imported: as a folder of Hugging Face, or the one file. */
  readonly layout: 'folder' | 'file';
  /** The largest last. */
  readonly files: readonly RemoteFile[];
  readonly licence: Licence;
  /** What the model may be called. */
  readonly name: string;
}
