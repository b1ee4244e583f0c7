import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileAnswer } from '#shell/file-answer.ts';

/** Sends a file, or a part of it. */
export async function sendFile(response: ServerResponse, { status, headers, body }: FileAnswer): Promise<void> {
  response.writeHead(status, headers);
  if (body === null) {
    response.end();
    return;
  }
  // A player that seeks drops the connection in the middle: that is no failure.
  await pipeline(body, response).catch(() => {});
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(text);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8' });
}

/** Without an icon of its own, a browser would ask for one that is not there. */
const WELCOME = `<!doctype html>
<meta http-equiv="refresh" content="0;url=/">
<link rel="icon" href="data:,">
<title>Patchlight</title>
`;

/**
 * A page that goes on to the start page by itself. A redirect would not do: where the address with the token was followed
 * from another site, the browser keeps the new cookie back from everything that this site began.
 */
export function sendWelcome(response: ServerResponse, cookie: string): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'set-cookie': cookie,
  });
  response.end(WELCOME);
}
