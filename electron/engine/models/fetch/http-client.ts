import { EnvHttpProxyAgent, request } from 'undici';
import { SourceUnreachableError, SourceUnsuitableError } from '#contract/errors.ts';
import { checkAddress } from './address.ts';
import { networkFailure, statusFailure } from './http-failures.ts';
import { trustedCertificates } from './trusted-certificates.ts';

const MOST_REDIRECTS = 8;
const CONNECT_TIMEOUT_MS = 20_000;
const HEADERS_TIMEOUT_MS = 30_000;
/** Longest silence within a file. */
const BODY_TIMEOUT_MS = 60_000;

export type Headers = Readonly<Record<string, string | undefined>>;

/** What a server gave. Whoever gets it reads the body to its end, or leaves it. */
export interface HttpResponse {
  /** 200 or 206. */
  readonly status: number;
  readonly headers: Headers;
  /** Headers of the first answer, before any redirection: a hub says there what the file is. */
  readonly firstHeaders: Headers;
  /** Where the redirections ended. */
  readonly url: URL;
  readonly body: AsyncIterable<Buffer>;
  /** Ends the connection; nothing more is read. */
  leave(): void;
}

/**
 * Asks servers for files, over https alone. Proxies are taken from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. Nothing is
 * sent besides what is asked for: no cookies, no keys.
 */
export class HttpClient implements AsyncDisposable {
  readonly #agent: EnvHttpProxyAgent;

  constructor({ bodyTimeoutMs = BODY_TIMEOUT_MS }: { readonly bodyTimeoutMs?: number } = {}) {
    const ca = trustedCertificates();
    const tls = ca.length === 0 ? {} : { ca };
    this.#agent = new EnvHttpProxyAgent({
      connect: { ...tls, timeout: CONNECT_TIMEOUT_MS },
      requestTls: tls,
      proxyTls: tls,
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: bodyTimeoutMs,
    });
  }

  /**
   * @throws SourceInvalidError when the address, or one that it leads to, is not asked.
   * @throws SourceMissingError, SourceRefusedError, SourceUnreachableError, DownloadInterruptedError, the signal's reason
   */
  async get(address: URL, headers: Headers, signal: AbortSignal): Promise<HttpResponse> {
    let url = address;
    let firstHeaders: Headers | undefined;
    checkAddress(url);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await this.#ask('GET', url, headers, signal);
      firstHeaders ??= response.headers;
      if (response.status === 200 || response.status === 206 || response.status === 416) {
        return { ...response, firstHeaders };
      }
      response.leave();
      const target = redirection(response, url);
      if (target === null) throw statusFailure(response.status, url, response.headers);
      checkAddress(target, url);
      url = target;
    }
    throw new SourceUnreachableError(`${address.host} sends us on and on, without giving anything.`, {
      hint: 'Check the address in a browser.',
    });
  }

  /**
   * The headers of the first answer alone, also when it leads elsewhere.
   *
   * @throws as {@link get} does
   */
  async head(url: URL, signal: AbortSignal): Promise<Headers> {
    checkAddress(url);
    const response = await this.#ask('HEAD', url, {}, signal);
    response.leave();
    if (response.status >= 400) throw statusFailure(response.status, url);
    return response.headers;
  }

  /** A text of at most `limit` bytes. */
  async text(url: URL, limit: number, signal: AbortSignal): Promise<string> {
    const response = await this.get(url, {}, signal);
    const parts: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const part of response.body) {
        bytes += part.length;
        if (bytes > limit) throw new SourceUnsuitableError(`${url.host} gave more text than makes sense.`);
        parts.push(part);
      }
    } catch (thrown) {
      throw networkFailure(thrown, url, signal);
    } finally {
      response.leave();
    }
    return Buffer.concat(parts).toString('utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(
    method: 'GET' | 'HEAD',
    url: URL,
    headers: Headers,
    signal: AbortSignal,
  ): Promise<Omit<HttpResponse, 'firstHeaders'>> {
    try {
      const {
        statusCode,
        headers: answered,
        body,
      } = await request(url, {
        method,
        signal,
        dispatcher: this.#agent,
        // Compression would make offsets meaningless.
        headers: { 'user-agent': 'patchlight', accept: '*/*', 'accept-encoding': 'identity', ...headers },
      });
      // Whoever leaves in the middle hears nothing of it.
      body.on('error', () => {});
      return { status: statusCode, headers: flat(answered), url, body, leave: () => void body.destroy() };
    } catch (thrown) {
      throw networkFailure(thrown, url, signal);
    }
  }
}

function redirection({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  return URL.canParse(headers.location, from.href) ? new URL(headers.location, from) : null;
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]]));
}
