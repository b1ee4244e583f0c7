import type { IncomingMessage } from 'node:http';

/** The one place that pages of this server come from, in the spellings that a browser of this computer may use. */
export class OwnOrigin {
  readonly #hosts: ReadonlySet<string>;

  constructor(port: number) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  }

  /**
   * Whether a request was meant for this server. A page of another site can make a browser ask us under its own name, when
   * that name leads to this computer (DNS rebinding); then the name is in `Host`.
   */
  isAddressed({ headers }: IncomingMessage): boolean {
    return headers.host !== undefined && this.#hosts.has(headers.host);
  }

  /** Whether a request comes from a page of ours. `Origin` is there whenever a script sends more than a plain question. */
  isFromPage({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && headers.origin === `http://${headers.host}`;
  }

  /** False for what another site embeds or fetches. Browsers say so by themselves; other programs say nothing. */
  isNotForeign({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }

  /** Addresses of sockets that pages may open. */
  get sockets(): readonly string[] {
    return [...this.#hosts].map((host) => `ws://${host}`);
  }
}
