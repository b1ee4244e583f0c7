import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatGmacs,
  formatShare,
  formatTime,
} from '#cli/terminal/format.ts';
import { tableLines } from '#cli/terminal/table.ts';

test.each([
  [0, '0:00.0'],
  [65.34, '1:05.3'],
  [59.96, '1:00.0'],
  [3723, '1:02:03.0'],
])('%d s is the time %s', (seconds, text) => expect(formatTime(seconds)).toBe(text));

test.each([
  [0.85, '850 ms'],
  [4.23, '4.2 s'],
  [42.4, '42 s'],
  [59.7, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
])('%d s last %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [0, '0 views'],
  [1, '1 view'],
  [3, '3 views'],
])('%d of a thing are counted as %s', (count, text) => expect(formatCount(count, 'view')).toBe(text));

test.each([
  [0.0543, '5.4 %'],
  [1, '100.0 %'],
])('the share %d is %s', (share, text) => expect(formatShare(share)).toBe(text));

test.each([
  [195.83, '196'],
  [12.34, '12.3'],
  [0.4712, '0.47'],
])('%d GMACs are written %s', (gmacs, text) => expect(formatGmacs(gmacs)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_102_044, '1.1 MB'],
  [485_000_000, '485 MB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

describe('a table', () => {
  test('aligns columns by what is seen: colours take no room, wide characters two places', () => {
    const columns = [{ title: 'label' }, { title: 'share', align: 'right' as const }];
    expect(
      tableLines(columns, [
        ['\u001b[1mrun\u001b[22m', '5 %'],
        ['跑步', '12.5 %'],
      ]),
    ).toEqual(['  label   share', '  \u001b[1mrun\u001b[22m       5 %', '  跑步   12.5 %']);
  });
});
