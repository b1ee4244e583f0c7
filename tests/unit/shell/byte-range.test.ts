import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange } from '#shell/byte-range.ts';

test.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=0-', 10, { start: 0, end: 9 }],
  ['bytes=3-5', 10, { start: 3, end: 5 }],
  ['bytes=3-500', 10, { start: 3, end: 9 }],
  ['bytes=-4', 10, { start: 6, end: 9 }],
  ['bytes=-400', 10, { start: 0, end: 9 }],
  ['BYTES = 1 - 2', 10, { start: 1, end: 2 }],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=99999999999999999999-', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=-5', 0, 'unsatisfiable'],
  ['bytes=5-3', 10, 'whole'],
  ['bytes=0-1,4-5', 10, 'whole'],
  ['bytes=', 10, 'whole'],
  ['bytes=-', 10, 'whole'],
  ['bytes=a-b', 10, 'whole'],
  ['bytes=1.5-3', 10, 'whole'],
  ['seconds=0-1', 10, 'whole'],
  [null, 10, 'whole'],
])('%s of %d bytes', (header, size, expected) => {
  expect(parseRange(header, size)).toEqual(expected);
});

test('a span never leaves the file, whatever is asked for', () => {
  const part = fc.oneof(fc.constant(''), fc.nat().map(String), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(part, part, fc.nat({ max: 1000 }), (first, last, size) => {
      const span = parseRange(`bytes=${first}-${last}`, size);
      if (typeof span === 'string') return;
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThan(size);
    }),
  );
});
