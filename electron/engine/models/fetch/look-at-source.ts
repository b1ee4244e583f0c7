import { join } from 'node:path';
import type { FetchOffer } from '#contract/model-fetch.ts';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import { lookAtAddress } from './file-address.ts';
import { HttpClient } from './http-client.ts';
import { lookAtRepository } from './hugging-face-hub.ts';
import { keptBytes } from './kept-download.ts';
import type { RemoteModel } from './remote-model.ts';
import { parseSource } from './source.ts';

/** Where what has arrived is kept, until a model is made of it. */
export function fetchesFolder(): string {
  return join(userDataDirectory(), 'fetches');
}

/**
 * Asks a source what it has.
 *
 * @throws SourceInvalidError, SourceMissingError, SourceRefusedError, SourceUnsuitableError, SourceUnreachableError,
 *   DownloadInterruptedError, the signal's reason
 */
export function lookAtSource(text: string, client: HttpClient, signal: AbortSignal): Promise<RemoteModel> {
  const source = parseSource(text);
  return source.kind === 'repository'
    ? lookAtRepository(source, client, signal)
    : lookAtAddress(source, client, signal);
}

/**
 * What a person should know before fetching from a source.
 *
 * @throws as {@link lookAtSource} does
 */
export async function offerOf(text: string, signal: AbortSignal): Promise<FetchOffer> {
  await using client = new HttpClient();
  const { files, layout: _, ...model } = await lookAtSource(text, client, signal);
  return {
    ...model,
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    bytesKept: await keptBytes(fetchesFolder(), model.source),
  };
}
