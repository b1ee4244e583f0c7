import { join } from 'node:path';
import { LicenceNotAcceptedError } from '#contract/errors.ts';
import type { FetchedFile, ModelFetch, ModelFetchEvent } from '#contract/model-fetch.ts';
import { newBundleDirectory } from '#native-models/bundle/store.ts';
import { toldEvents } from '../../jobs/told-events.ts';
import { checkRoom } from '../disk-room.ts';
import { importModel } from '../import-model.ts';
import type { ModelHost } from '../model-host.ts';
import { listedTitle } from './catalogue.ts';
import { DOWNLOAD_LIMITS, type DownloadLimits, downloadFile } from './download-file.ts';
import { FetchProgress } from './fetch-progress.ts';
import { HttpClient } from './http-client.ts';
import { KeptDownload } from './kept-download.ts';
import { fetchesFolder, lookAtSource } from './look-at-source.ts';
import type { RemoteModel } from './remote-model.ts';

/**
 * Fetches a public checkpoint and imports it, with a trial run. What has arrived is kept when it fails or is cancelled, and
 * taken up by the next fetch of the same source.
 *
 * @throws LicenceNotAcceptedError unless the licence that the source states is the accepted one.
 * @throws FetchUnderWayError, and what looking at a source, downloading and importing throw, the signal's reason
 */
export async function* fetchModel(
  { source, acceptedLicence, ...request }: ModelFetch,
  host: ModelHost,
  signal: AbortSignal,
  limits: DownloadLimits = DOWNLOAD_LIMITS,
): AsyncGenerator<ModelFetchEvent, void, undefined> {
  await newBundleDirectory(request.name, host.folders);
  await using client = new HttpClient();
  const model = await lookAtSource(source, client, signal);
  requireAccepted(model, acceptedLicence);
  await using kept = await KeptDownload.open(fetchesFolder(), model);
  await checkRoom(host.folders.user, await bytesNeeded(model, kept));

  const files = yield* toldEvents(
    (tell: (event: ModelFetchEvent) => void, stop) => download(model, kept, client, tell, stop, limits),
    (later, earlier) => later.type === 'download' && earlier.type === 'download',
    signal,
  );
  yield { type: 'downloaded', files: [...files] };

  const { licence, page, revision } = model;
  const title = listedTitle(model.source) ?? model.title;
  const local = model.layout === 'folder' ? kept.files : join(kept.files, files.at(-1)?.name ?? '');
  const fetched = {
    // An address may end in a key: that one is nobody else's business.
    source: model.layout === 'folder' ? model.source : page,
    revision,
    date: new Date().toISOString(),
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  const options = { ...request, title, fetched, licence: { name: licence.id, source: page } };
  for await (const event of importModel(local, options, host, signal)) {
    if (event.type === 'done') await kept.remove();
    yield event;
  }
}

function requireAccepted({ title, licence: { id, name, url } }: RemoteModel, accepted: string): void {
  if (accepted === id) return;
  const text = url === null ? '' : ` (${url})`;
  const what = id === 'unknown' ? 'with no licence that anybody states' : `under ${name}${text}`;
  throw new LicenceNotAcceptedError(`${title} is published ${what}, which has not been accepted.`, {
    hint: `Read it, then accept "${id}".`,
  });
}

/** Room for what is still to come, and for the model that is made of it. */
async function bytesNeeded({ files }: RemoteModel, kept: KeptDownload): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += 2 * (file.bytes ?? 0) - (await kept.bytes(file.name));
  return Math.max(0, bytes);
}

async function download(
  { files }: RemoteModel,
  kept: KeptDownload,
  client: HttpClient,
  tell: (event: ModelFetchEvent) => void,
  signal: AbortSignal,
  limits: DownloadLimits,
): Promise<FetchedFile[]> {
  using progress = new FetchProgress(files, tell);
  const arrived: FetchedFile[] = [];
  for (const file of files) {
    progress.begin(file, await kept.bytes(file.name));
    await downloadFile(file, { client, kept, listener: progress, limits }, signal);
    const whole = kept.arrived(file.name);
    if (whole === null) throw new Error(`${file.name} has not arrived.`);
    progress.end(whole);
    arrived.push(whole);
  }
  return arrived;
}
