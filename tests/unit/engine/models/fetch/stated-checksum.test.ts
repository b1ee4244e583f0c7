import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { linkedBytes, statedChecksum } from '#engine/models/fetch/stated-checksum.ts';

const hash = createHash('sha256').update('weights');
const hex = hash.copy().digest('hex');

test.each([
  [{ 'x-linked-etag': `"${hex}"` }, hex],
  [{ 'x-linked-etag': hex.toUpperCase() }, hex],
  [{ 'repr-digest': `sha-512=:AAAA:, sha-256=:${hash.copy().digest('base64')}:` }, hex],
  // The hash of a git object, and the tag of a bucket, are no checksums of the file.
  [{ 'x-linked-etag': `"${hex.slice(0, 40)}"` }, null],
  [{ etag: `"${hex}"` }, null],
  [{ 'repr-digest': 'sha-256=:no:' }, null],
  [{}, null],
])('%j states %s', (headers, expected) => {
  expect(statedChecksum(headers)).toBe(expected);
});

test('a size is a whole number or none', () => {
  expect(linkedBytes({ 'x-linked-size': '486000000' })).toBe(486_000_000);
  for (const text of ['', '-1', '1e3', '12 MB']) expect(linkedBytes({ 'x-linked-size': text })).toBeNull();
});
