import { describe, expect, test } from 'vitest';
import {
  bytesText,
  countText,
  durationText,
  gmacsText,
  millisecondsText,
} from '../../../../renderer/src/text/quantities.ts';

describe('quantities are written as people read them', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [370_704, '371 kB'],
    [486_308_000, '486 MB'],
    [1_250_000_000, '1.3 GB'],
    [9_960_000, '10.0 MB'],
  ])('%d bytes as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

  test.each([
    [91_015, '91,015'],
    [1_349_522, '1.3 million'],
    [121_258_752, '121 million'],
    [1_200_000_000, '1.2 billion'],
  ])('%d as %s', (count, text) => expect(countText(count)).toBe(text));

  test.each([
    [0.0123, '0.01'],
    [60.24, '60.2'],
    [195.8, '196'],
    [1703.4, '1,703'],
  ])('%d GMACs as %s', (gmacs, text) => expect(gmacsText(gmacs)).toBe(text));

  test.each([
    [3.46, '3.5 ms'],
    [812.4, '812 ms'],
    [2399, '2.40 s'],
  ])('%d ms as %s', (ms, text) => expect(millisecondsText(ms)).toBe(text));

  test.each([
    [0.2, '1 s'],
    [59.4, '59 s'],
    [95, '2 min'],
    [7500, '2 h 5 min'],
  ])('%d s as %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
});
