import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Browsers that may be let in at the same time; the oldest has to go. */
const MOST_SESSIONS = 32;

/**
 * Who may talk to the server: whoever has shown the token, which the terminal shows and which counts once, and from then on
 * has the cookie that it was exchanged for.
 */
export class Access {
  readonly #cookie: string;
  readonly #sessions = new Set<string>();
  #token = newSecret();

  /** @param port Of the server: cookies are shared by all ports of a computer, so the name has to tell them apart. */
  constructor(port: number) {
    this.#cookie = `patchlight-${port}`;
  }

  /** What the next browser has to show. */
  get token(): string {
    return this.#token;
  }

  /** The header that lets in whoever has shown `token`; null when it is not the one. */
  exchange(token: string): string | null {
    // Compared as digests, so that the time it takes says nothing about the token.
    if (digest(token) !== digest(this.#token)) return null;
    this.#token = newSecret();
    const session = newSecret();
    this.#sessions.add(digest(session));
    const [oldest] = this.#sessions;
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    return `${this.#cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  allows(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.some((cookie) => {
      const [name, value = ''] = cookie.split('=', 2);
      return name === this.#cookie && this.#sessions.has(digest(value));
    });
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
