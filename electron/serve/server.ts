import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { toErrorData } from '#contract/errors.ts';
import { fileIdSchema, type GrantedFile } from '#contract/files.ts';
import type { BinaryPort } from '#contract/rpc/binary-port.ts';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import { EngineSupervisor } from '#shell/engine-supervisor.ts';
import { answerFile, type FileAnswer, refusal } from '#shell/file-answer.ts';
import { pageHeaders } from '#shell/page-headers.ts';
import { rendererFiles } from '#shell/renderer-files.ts';
import { ShellEvents } from '#shell/shell-events.ts';
import { Access } from './access.ts';
import { sendFile, sendJson, sendText, sendWelcome } from './answers.ts';
import { browserShell, MEDIA_PATH } from './browser-shell.ts';
import { forkEngine } from './forked-engine.ts';
import { listen } from './listen.ts';
import { OwnOrigin } from './origin.ts';
import { PageSockets } from './page-sockets.ts';
import { Uploads } from './uploads.ts';

export interface ServeOptions {
  /** Files to be opened in the first window. */
  readonly files: readonly string[];
  /** 0: a free one. */
  readonly port: number;
  /** A folder whose videos may be opened from the page. */
  readonly library: string | null;
  /** The built page; another one only in tests. */
  readonly renderer?: string;
  /** Told of the address to open: at the beginning, and again whenever it was used. */
  readonly onAddress: (url: string) => void;
}

const UPLOAD_PATH = '/upload';
/** Large videos from slow disks take longer than the few minutes that Node allows. */
const UPLOAD_LIMIT_MS = 4 * 60 * 60_000;

/**
 * The same app in a browser of this computer: the built page, the engine behind a WebSocket, videos with byte ranges.
 *
 * It listens on the loopback interface only, lets in whoever has shown the token, and refuses whatever is not addressed to it
 * or comes from another site's page.
 */
export class PatchlightServer implements AsyncDisposable {
  readonly port: number;
  readonly supervisor: EngineSupervisor<BinaryPort>;
  readonly #http: Server;
  readonly #files: ReadonlyMap<string, string>;
  readonly #access: Access;
  readonly #origin: OwnOrigin;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #sockets: PageSockets;
  readonly #uploads: Uploads;
  readonly #onAddress: (url: string) => void;

  private constructor(http: Server, files: ReadonlyMap<string, string>, options: ServeOptions) {
    this.port = (http.address() as AddressInfo).port;
    this.#http = http;
    this.#files = files;
    this.#access = new Access(this.port);
    this.#origin = new OwnOrigin(this.port);
    this.#headers = pageHeaders({ connect: this.#origin.sockets, media: [] });
    this.#onAddress = options.onAddress;
    this.#uploads = new Uploads(join(userDataDirectory(), 'uploads'));
    const start = { secret: randomBytes(32).toString('hex'), library: options.library };
    this.supervisor = new EngineSupervisor(() => forkEngine(start));
    const events = new ShellEvents(this.supervisor);
    this.#sockets = new PageSockets(this.supervisor, browserShell(events, this.supervisor));
    http.on('request', (request, response) => void this.#answer(request, response));
    http.on('upgrade', (request, connection, head) => this.#upgrade(request, connection, head));
    void this.#openFirst(options.files, events);
  }

  /**
   * Starts the engine and listens.
   *
   * @throws RendererMissingError, PortUnavailableError, and what the engine says when it cannot start (AlreadyRunningError)
   */
  static async start(options: ServeOptions): Promise<PatchlightServer> {
    const files = await rendererFiles(options.renderer);
    const server = new PatchlightServer(
      await listen(createServer({ requestTimeout: UPLOAD_LIMIT_MS }), options.port),
      files,
      options,
    );
    try {
      await server.supervisor.ready();
      // The engine has locked the folder of data: there is no other server.
      await server.#uploads.clearOthers();
    } catch (thrown) {
      await server[Symbol.asyncDispose]();
      throw thrown;
    }
    server.#onAddress(server.url);
    return server;
  }

  /** What the next browser has to open. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/?token=${this.#access.token}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sockets[Symbol.dispose]();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    await this.supervisor.finish();
    await this.#uploads[Symbol.asyncDispose]();
  }

  async #openFirst(paths: readonly string[], events: ShellEvents): Promise<void> {
    const files: GrantedFile[] = [];
    const failures: unknown[] = [];
    for (const path of paths) {
      try {
        files.push(await this.supervisor.grant(path));
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (files.length > 0) events.publish({ type: 'open', files });
    for (const failure of failures) events.publish({ type: 'open-failed', error: toErrorData(failure) });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(this.#headers)) response.setHeader(name, value);
    try {
      if (!this.#origin.isAddressed(request)) sendText(response, 421, 'This server answers to 127.0.0.1 only.\n');
      else await this.#route(request, response);
    } catch (thrown) {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, toErrorData(thrown));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = addressOf(request);
    const token = searchParams.get('token');
    if (pathname === '/' && token !== null && !this.#access.allows(request)) {
      this.#letIn(response, token);
    } else if (!this.#access.allows(request)) {
      sendText(response, 403, 'Open the address that the terminal shows: each one works once.\n');
    } else if (pathname === '/' && token !== null) {
      // Someone who is in already has opened an old address again.
      response.writeHead(303, { location: '/' }).end();
    } else if (!this.#origin.isNotForeign(request) && request.headers['sec-fetch-mode'] !== 'navigate') {
      sendText(response, 403, 'Other sites get nothing from here.\n');
    } else if (pathname === UPLOAD_PATH) {
      await this.#upload(request, response);
    } else {
      await sendFile(response, await this.#file(pathname, request));
    }
  }

  #letIn(response: ServerResponse, token: string): void {
    const cookie = this.#access.exchange(token);
    if (cookie === null) {
      sendText(response, 403, 'That address was used already. Open the one that the terminal shows now.\n');
      return;
    }
    sendWelcome(response, cookie);
    this.#onAddress(this.url);
  }

  async #file(pathname: string, request: IncomingMessage): Promise<FileAnswer> {
    const asked = {
      method: request.method ?? 'GET',
      header: (name: string) => {
        const value = request.headers[name];
        return typeof value === 'string' ? value : null;
      },
    };
    const page = this.#files.get(pathname);
    if (page !== undefined) return answerFile(page, asked);
    const file = pathname.startsWith(MEDIA_PATH) ? fileIdSchema.safeParse(pathname.slice(MEDIA_PATH.length)) : null;
    if (!file?.success) return refusal(404);
    const path = await this.supervisor.locate(file.data).catch(() => null);
    return path === null ? refusal(404) : answerFile(path, asked);
  }

  async #upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || !this.#origin.isFromPage(request)) {
      sendText(response, 403, 'Files are taken from the page only.\n');
      return;
    }
    const name = fileNameOf(request);
    const path = await this.#uploads.take(request, name);
    sendJson(response, 200, await this.supervisor.grant(path, true));
  }

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const { pathname } = addressOf(request);
    const allowed =
      this.#origin.isAddressed(request) && this.#origin.isFromPage(request) && this.#access.allows(request);
    if (!allowed) connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else if (!this.#sockets.accept(pathname, request, connection, head)) {
      connection.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
  }
}

/** What is no path, or names a host of its own, leads where nothing is. */
function addressOf({ url = '' }: IncomingMessage): URL {
  const isPath = /^\/(?![/\\])/.test(url);
  return (isPath ? URL.parse(url, 'http://127.0.0.1') : null) ?? new URL('http://127.0.0.1/nowhere');
}

function fileNameOf({ headers }: IncomingMessage): string {
  try {
    return decodeURIComponent(String(headers['x-file-name'] ?? 'video'));
  } catch {
    return 'video';
  }
}
