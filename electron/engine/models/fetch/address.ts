import { SourceInvalidError } from '#contract/errors.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses addresses that are not asked: anything but https, and http beyond this computer. A server elsewhere cannot send us
 * to one of this computer either.
 *
 * @param from The address that led here.
 * @throws SourceInvalidError
 */
export function checkAddress(url: URL, from?: URL): void {
  const fault = faultOf(url, from);
  if (fault === null) return;
  const led = from === undefined ? '' : `, to which ${from.host} sends us on,`;
  throw new SourceInvalidError(`The address ${withoutSecrets(url)}${led} is not asked: ${fault}.`, {
    hint: 'Checkpoints are fetched over https only. Download the file in another way, and import it.',
  });
}

/** An address as it may be shown and kept: what comes after the question mark is often a key. */
export function withoutSecrets(url: URL): string {
  return `${url.origin === 'null' ? url.protocol : url.origin}${url.pathname}`;
}

function faultOf(url: URL, from: URL | undefined): string | null {
  const near = LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && near)) return 'it is not https';
  if (url.username !== '' || url.password !== '') return 'it holds a password';
  if (from === undefined) return null;
  if (near && !LOOPBACK.test(from.hostname)) return 'it is one of this computer';
  if (from.protocol === 'https:' && url.protocol !== 'https:') return 'it is not https';
  return null;
}
