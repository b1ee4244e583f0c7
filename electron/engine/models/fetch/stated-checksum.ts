import type { Headers } from './http-client.ts';

/**
 * The SHA-256 that a server states of a file, in hex: the Hugging Face hub for files in large-file storage
 * (`X-Linked-Etag`), any server by `Repr-Digest` (RFC 9530). `null` where it states none.
 */
export function statedChecksum(headers: Headers): string | null {
  const linked = /^"?([0-9a-f]{64})"?$/i.exec(headers['x-linked-etag'] ?? '')?.[1];
  if (linked !== undefined) return linked.toLowerCase();
  const digest = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(headers['repr-digest'] ?? '')?.[1];
  return digest === undefined ? null : Buffer.from(digest, 'base64').toString('hex');
}

/** How long the hub says that such a file is. */
export function linkedBytes(headers: Headers): number | null {
  const text = headers['x-linked-size'] ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
