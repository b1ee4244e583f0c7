/** A span of bytes, both ends included. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * What a `Range` header asks for of `size` bytes (RFC 9110, section 14). Several ranges at once, other units and what is no
 * range at all may be ignored, and are: then it is the whole.
 */
export function parseRange(header: string | null, size: number): ByteSpan | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Number(last);
    return length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
