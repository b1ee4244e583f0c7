import {
  DownloadInterruptedError,
  PatchlightError,
  SourceMissingError,
  SourceRefusedError,
  SourceUnreachableError,
} from '#contract/errors.ts';
import type { Headers } from './http-client.ts';

/** What an answer other than a file means. */
export function statusFailure(status: number, { host, pathname }: URL, headers: Headers = {}): PatchlightError {
  const detail = `HTTP status ${status} for ${pathname}`;
  if (status === 404 || status === 410) {
    return new SourceMissingError(`${host} has nothing at that address.`, {
      hint: 'Check it for typing errors. It may have been moved or taken away.',
      detail,
    });
  }
  if (status === 401 || status === 403) {
    const gated = headers['x-error-code'] === 'GatedRepo';
    return new SourceRefusedError(`${host} does not give that to everybody.`, {
      hint: gated
        ? 'Its publisher wants to know who asks. Download it there after signing in, and import the files.'
        : 'It does not exist there, or is private. Check its name; or download it after signing in, and import the files.',
      detail,
    });
  }
  if (status === 429 || status >= 500) {
    return new DownloadInterruptedError(`${host} cannot answer right now.`, {
      hint: 'Try again in a few minutes. What has arrived is kept.',
      detail,
    });
  }
  return new SourceUnreachableError(`${host} gave an answer that makes no sense here.`, {
    hint: 'Check the address in a browser.',
    detail,
  });
}

/** What is to be repaired on this computer, in its network or in the address; everything else may be over in a moment. */
const UNREACHABLE: ReadonlyMap<RegExp, string> = new Map([
  [/^(ENOTFOUND|EAI_)/, 'Check the address, and whether this computer is online.'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)/, 'Check whether this computer is online.'],
  [
    /CERT|SIGNATURE|_SSL_|^ERR_TLS|^EPROTO/,
    'The connection is not trustworthy. Where a proxy of yours looks into it, name its certificate in NODE_EXTRA_CA_CERTS.',
  ],
  [/Proxy|UND_ERR_PRX/, 'The proxy refuses: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.'],
]);

/**
 * What undici or a socket threw, as something for people.
 *
 * @returns the signal's reason when the caller gave up
 */
export function networkFailure(thrown: unknown, { host }: URL, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof PatchlightError) return thrown;
  const causes = causesOf(thrown);
  const detail = causes.map(({ message }) => message).join('; ');
  for (const [pattern, hint] of UNREACHABLE) {
    if (!causes.some(({ code, message }) => pattern.test(code) || pattern.test(message))) continue;
    return new SourceUnreachableError(`${host} cannot be reached.`, { hint, detail, cause: thrown });
  }
  return new DownloadInterruptedError(`The connection to ${host} was lost.`, {
    hint: 'Try again: it goes on where it stopped.',
    detail,
    cause: thrown,
  });
}

interface Cause {
  readonly code: string;
  readonly message: string;
}

/** An error and what is behind it: its cause, or those that were tried one after another. */
function causesOf(thrown: unknown): Cause[] {
  if (!(thrown instanceof Error)) return [{ code: '', message: String(thrown) }];
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const inner = thrown instanceof AggregateError ? thrown.errors : thrown.cause === undefined ? [] : [thrown.cause];
  return [{ code, message: thrown.message }, ...inner.flatMap(causesOf)];
}
