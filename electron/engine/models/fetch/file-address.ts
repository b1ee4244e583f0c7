import { SourceInvalidError, SourceUnsuitableError } from '#contract/errors.ts';
import { checkpointTitle, modelNameFrom } from '../model-name.ts';
import { withoutSecrets } from './address.ts';
import type { Headers, HttpClient } from './http-client.ts';
import { UNKNOWN_LICENCE } from './licences.ts';
import type { RemoteModel } from './remote-model.ts';
import { type Source, sourceText } from './source.ts';
import { linkedBytes, statedChecksum } from './stated-checksum.ts';

type Address = Extract<Source, { kind: 'address' }>;

/**
 * What an address gives. It says nothing of a licence.
 *
 * @throws SourceInvalidError, SourceUnsuitableError, and what {@link HttpClient} throws
 */
export async function lookAtAddress(source: Address, client: HttpClient, signal: AbortSignal): Promise<RemoteModel> {
  const { url } = source;
  const fileName = fileNameOf(url);
  // Asked for as it will be fetched, since some servers sign addresses for one method only.
  const response = await client.get(url, {}, signal);
  const { headers, firstHeaders } = response;
  response.leave();
  refuseWebPage(headers, url);
  const length = Number.parseInt(headers['content-length'] ?? '', 10);
  const bytes = linkedBytes(firstHeaders) ?? (length >= 0 ? length : null);
  const sha256 = statedChecksum(firstHeaders) ?? statedChecksum(headers);
  const title = checkpointTitle(fileName);
  return {
    source: sourceText(source),
    title,
    page: withoutSecrets(url),
    revision: null,
    layout: 'file',
    files: [{ name: fileName, url, bytes, sha256, validator: validatorOf(headers) }],
    licence: UNKNOWN_LICENCE,
    name: modelNameFrom(title) || 'fetched',
  };
}

/** @throws SourceUnsuitableError when a server gives a page about the file, or one to sign in. */
export function refuseWebPage(headers: Headers, { host }: URL): void {
  if (!/^text\/html|^application\/xhtml/i.test(headers['content-type'] ?? '')) return;
  throw new SourceUnsuitableError(`${host} gives a web page instead of a checkpoint.`, {
    hint: 'Copy the address of the file itself: that of the download button, not that of the page.',
  });
}

/**
 * What a server calls this state of a file, as `If-Range` takes it (RFC 9110, section 13.1.5): an entity tag, unless it is a
 * weak one, which does not promise every byte; otherwise when it was changed.
 */
export function validatorOf(headers: Headers): string | null {
  const { etag, 'last-modified': changed } = headers;
  if (etag?.startsWith('"')) return etag;
  return changed ?? null;
}

function fileNameOf(url: URL): string {
  const last = url.pathname.split('/').at(-1) ?? '';
  const name = decoded(last)
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(-128);
  if (name !== '') return name;
  throw new SourceInvalidError(`The address ${withoutSecrets(url)} names no file.`, {
    hint: 'Copy the address of the checkpoint file itself.',
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
