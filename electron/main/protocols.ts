import { Readable } from 'node:stream';
import type { CustomScheme } from 'electron';
import { fileIdSchema } from '#contract/files.ts';
import { answerFile, type FileAnswer, refusal } from '#shell/file-answer.ts';
import { pageHeaders } from '#shell/page-headers.ts';
import { MEDIA_BASE, MEDIA_SCHEME, PAGE_ORIGIN, PAGE_SCHEME } from './page-origin.ts';

/** Before the app is ready: page and videos have schemes of their own, and `file:` is never used. */
export const SCHEMES: CustomScheme[] = [
  {
    scheme: PAGE_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
  { scheme: MEDIA_SCHEME, privileges: { standard: true, secure: true, stream: true } },
];

const PAGE_HEADERS = pageHeaders({ connect: [], media: [`${MEDIA_SCHEME}:`] });

/**
 * Answers `app:`, from the list of the built page's files and nothing else.
 *
 * @param files From their addresses to their paths.
 */
export async function answerPage(request: Request, files: ReadonlyMap<string, string>): Promise<Response> {
  const { origin, pathname } = partsOf(request.url);
  const path = origin === PAGE_ORIGIN ? files.get(pathname) : undefined;
  return toResponse(path === undefined ? refusal(404) : await answerFile(path, asked(request)), PAGE_HEADERS);
}

/**
 * Answers `media:`, with byte ranges, so that a player can seek.
 *
 * @param locate Where a file lies that a page was given the id of; rejects for any other.
 */
export async function answerMedia(request: Request, locate: (file: string) => Promise<string>): Promise<Response> {
  const file = fileIdSchema.safeParse(request.url.startsWith(MEDIA_BASE) ? request.url.slice(MEDIA_BASE.length) : '');
  const path = file.success ? await locate(file.data).catch(() => null) : null;
  const answer = path === null ? refusal(404) : await answerFile(path, asked(request));
  // Another scheme is another origin, and the page takes from others only what is meant for it.
  return toResponse(answer, { 'cross-origin-resource-policy': 'cross-origin', 'x-content-type-options': 'nosniff' });
}

/** `URL` gives schemes that it does not know no origin. */
function partsOf(address: string): { origin: string; pathname: string } {
  const url = URL.parse(address);
  return url === null
    ? { origin: '', pathname: '' }
    : { origin: `${url.protocol}//${url.host}`, pathname: url.pathname };
}

function asked({ method, headers }: Request) {
  return { method, header: (name: string) => headers.get(name) };
}

function toResponse({ status, headers, body }: FileAnswer, also: Readonly<Record<string, string>>): Response {
  const stream = body === null ? null : (Readable.toWeb(body) as ReadableStream);
  return new Response(stream, { status, headers: { ...also, ...headers } });
}
