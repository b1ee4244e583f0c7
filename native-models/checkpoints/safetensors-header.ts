import { SafetensorsInvalidError } from '#contract/errors.ts';
import { isStoredDtype, STORED_DTYPES, type StoredDtype } from './stored-dtype.ts';
import { countElements } from './tensor-view.ts';

/** What the header says of one tensor. */
export interface HeaderEntry {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** First byte and the byte after the last one, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: ReadonlyMap<string, HeaderEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Far above any model, far below what would fill the memory. */
const MAX_ENTRIES = 100_000;
const MAX_DIMENSIONS = 16;
const MAX_NAME_LENGTH = 1024;

/**
 * Reads the JSON of a safetensors header.
 *
 * It has its own reader, because `JSON.parse` keeps the last of two equal keys, rounds numbers, and builds whatever
 * nesting it is given. The header's grammar needs none of that: names, and in each the three known fields.
 *
 * @param dataBytes Length of the file behind the header. The tensors must fill it without overlap or gap.
 * @throws SafetensorsInvalidError with the reason.
 * @see https://github.com/huggingface/safetensors#format
 */
export function parseSafetensorsHeader(text: string, dataBytes: number): SafetensorsHeader {
  const scanner = new HeaderScanner(text);
  const entries: [string, HeaderEntry][] = [];
  const names = new Set<string>();
  let metadata = new Map<string, string>();
  scanner.object((name) => {
    if (names.has(name)) scanner.fail(`has "${name}" twice`);
    names.add(name);
    if (names.size > MAX_ENTRIES) scanner.fail(`has more than ${MAX_ENTRIES} entries`);
    if (name === '__metadata__') metadata = readMetadata(scanner);
    else entries.push([name, readEntry(scanner, name)]);
  });
  scanner.finish();

  entries.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const [name, { begin, end }] of entries) {
    if (begin < reached) scanner.fail(`lets "${name}" overlap the tensor before it`);
    if (begin > reached) scanner.fail(`leaves ${begin - reached} bytes unused before "${name}"`);
    reached = end;
  }
  if (reached > dataBytes) scanner.fail(`describes ${reached} bytes of tensors, and the file has ${dataBytes}`);
  if (reached < dataBytes) scanner.fail(`leaves ${dataBytes - reached} bytes at the end of the file unused`);
  return { entries: new Map(entries), metadata };
}

function readMetadata(scanner: HeaderScanner): Map<string, string> {
  const metadata = new Map<string, string>();
  scanner.object((key) => {
    if (metadata.has(key)) scanner.fail(`has "${key}" twice in its metadata`);
    if (metadata.size === MAX_ENTRIES) scanner.fail(`has more than ${MAX_ENTRIES} entries in its metadata`);
    metadata.set(key, scanner.string(Number.POSITIVE_INFINITY));
  });
  return metadata;
}

function readEntry(scanner: HeaderScanner, name: string): HeaderEntry {
  let dtype: StoredDtype | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scanner.object((field) => {
    if (field === 'dtype' && dtype === undefined) {
      const found = scanner.string(MAX_NAME_LENGTH);
      if (!isStoredDtype(found)) scanner.fail(`gives "${name}" the unknown type "${found}"`);
      dtype = found;
    } else if (field === 'shape' && shape === undefined) shape = scanner.integers(MAX_DIMENSIONS);
    else if (field === 'data_offsets' && offsets === undefined) offsets = scanner.integers(2);
    else scanner.fail(`has an unexpected or repeated field "${field}" in "${name}"`);
  });
  const [begin, end] = offsets ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined) {
    return scanner.fail(`does not give type, shape and place of "${name}"`);
  }
  const count = countElements(shape);
  if (count === null || !Number.isSafeInteger(count * STORED_DTYPES[dtype])) {
    return scanner.fail(`gives "${name}" the impossible shape [${shape}]`);
  }
  if (end - begin !== count * STORED_DTYPES[dtype]) {
    scanner.fail(
      `gives "${name}" ${end - begin} bytes, and [${shape}] of ${dtype} take ${count * STORED_DTYPES[dtype]}`,
    );
  }
  return { dtype, shape, begin, end };
}

/** Steps through the header's text and knows no more of JSON than headers use. */
class HeaderScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  fail(reason: string): never {
    throw new SafetensorsInvalidError(`The safetensors header ${reason}.`, {
      hint: 'Download or copy the file again, or save it again with the safetensors library.',
    });
  }

  /** `{ "key": value, … }`; `value` is called at each value and must read it. */
  object(value: (key: string) => void): void {
    this.#expect('{');
    if (this.#accept('}')) return;
    do {
      const key = this.string(MAX_NAME_LENGTH);
      this.#expect(':');
      value(key);
    } while (this.#accept(','));
    this.#expect('}');
  }

  string(maxLength: number): string {
    this.#expect('"');
    const start = this.#at;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code)) this.fail('ends in the middle of a string');
      if (code === 0x22) break;
      if (code < 0x20) this.fail('has a string that is not valid JSON');
      if (code === 0x5c) escaped = true;
      this.#at += code === 0x5c ? 2 : 1;
    }
    const end = this.#at++;
    if (end - start > maxLength) this.fail(`has a name of ${end - start} characters`);
    return escaped ? this.#unescape(start - 1, end + 1) : this.#text.slice(start, end);
  }

  #unescape(start: number, end: number): string {
    try {
      return String(JSON.parse(this.#text.slice(start, end)));
    } catch {
      return this.fail('has a string that is not valid JSON');
    }
  }

  /** `[1, 2, …]` of at most `most` whole numbers from 0 to 2⁵³ − 1. */
  integers(most: number): number[] {
    const numbers: number[] = [];
    this.#expect('[');
    if (this.#accept(']')) return numbers;
    do {
      if (numbers.length === most) this.fail(`has a list of more than ${most} numbers`);
      numbers.push(this.#integer());
    } while (this.#accept(','));
    this.#expect(']');
    return numbers;
  }

  /** Only spaces may follow: writers pad the header with them. */
  finish(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.fail('goes on behind its end');
  }

  #integer(): number {
    this.#skipSpace();
    const start = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at)) && this.#at - start < 17) this.#at++;
    const digits = this.#text.slice(start, this.#at);
    const number = Number(digits);
    const next = this.#text[this.#at];
    const delimited = next === ',' || next === ']' || isSpace(this.#text.charCodeAt(this.#at));
    if (digits === '' || !delimited || !Number.isSafeInteger(number) || String(number) !== digits) {
      this.fail(`has something else than a whole number at character ${start}`);
    }
    return number;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) this.fail(`has no ${character} at character ${this.#at}`);
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
