import { CheckpointInvalidError, ForbiddenGlobalError } from '#contract/errors.ts';
import { PickleDict, PickleList, PickleRecord, PickleTuple, type PickleValue } from './pickle-values.ts';
import { instance, knownGlobal, persistentStorage, rebuild } from './torch-globals.ts';

/** A checkpoint of the base model with its optimiser takes about thirty thousand. */
const MAX_OPERATIONS = 1_000_000;
/** Numbers in checkpoints are sizes and counters; Python allows any length. */
const MAX_INTEGER_BYTES = 64;

/**
 * Reads a pickle as torch writes it (protocols 2 to 5), without the ability to call anything.
 *
 * A pickle is a program for a stack machine. This machine has the instructions that build data, and for the handful of
 * functions that rebuild tensors it notes their arguments. Every other name is refused when it is first mentioned, and
 * every instruction that only code needs is refused too.
 *
 * @throws ForbiddenGlobalError naming what the pickle refers to.
 * @throws CheckpointInvalidError when it is damaged or not what torch writes.
 * @see CPython's `Lib/pickletools.py` for the instructions
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  return new PickleMachine(bytes).run();
}

class PickleMachine {
  readonly #bytes: DataView;
  #at = 0;
  #stack: PickleValue[] = [];
  /** The stacks below the current one: MARK begins a new one. */
  readonly #marked: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array) {
    this.#bytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): PickleValue {
    for (let operation = 0; operation < MAX_OPERATIONS; operation++) {
      const code = this.#byte();
      if (code === STOP) {
        const result = this.#pop();
        if (this.#stack.length > 0 || this.#marked.length > 0) damaged('ends in the middle of a value');
        return result;
      }
      this.#step(code);
    }
    return damaged(`takes more than ${MAX_OPERATIONS} steps to read`);
  }

  #step(code: number): void {
    const value = this.#value(code);
    if (value === undefined) this.#act(code);
    else this.#stack.push(value);
  }

  /** What the instructions that put one value on the stack put there; `undefined` for the others. */
  #value(code: number): PickleValue | undefined {
    switch (code) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4b: // BININT1
        return this.#byte();
      case 0x4d: // BININT2
        return this.#bytes.getUint16(this.#advance(2), true);
      case 0x4a: // BININT
        return this.#bytes.getInt32(this.#advance(4), true);
      case 0x8a: // LONG1
        return this.#integer(this.#byte());
      case 0x8b: // LONG4
        return this.#integer(this.#count32());
      case 0x47: // BINFLOAT, the only big-endian number
        return this.#bytes.getFloat64(this.#advance(8), false);
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        return this.#text(this.#byte());
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING
        return this.#text(this.#count32());
      case 0x8d: // BINUNICODE8
        return this.#text(this.#count64());
      case 0x43: // SHORT_BINBYTES
        return this.#binary(this.#byte());
      case 0x42: // BINBYTES
        return this.#binary(this.#count32());
      case 0x29: // EMPTY_TUPLE
        return new PickleTuple([]);
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return new PickleTuple(this.#take(code - 0x84));
      case 0x74: // TUPLE
        return new PickleTuple(this.#popMark());
      case 0x5d: // EMPTY_LIST
        return new PickleList();
      case 0x7d: // EMPTY_DICT
      case 0x8f: // EMPTY_SET
        return new PickleDict();
      case 0x32: // DUP
        return this.#top();
      case 0x68: // BINGET
        return this.#remembered(this.#byte());
      case 0x6a: // LONG_BINGET
        return this.#remembered(this.#count32());
      case 0x63: // GLOBAL
        return knownGlobal(this.#line(), this.#line());
      case 0x93: // STACK_GLOBAL
        return this.#stackGlobal();
      case 0x51: // BINPERSID
        return persistentStorage(this.#pop());
      case 0x52: // REDUCE
        return this.#applied(rebuild);
      case 0x81: // NEWOBJ
        return this.#applied(instance);
      default:
        return undefined;
    }
  }

  /** The instructions that change what is there. */
  #act(code: number): void {
    switch (code) {
      case 0x80: // PROTO
        return this.#protocol();
      case 0x95: // FRAME
        this.#count64();
        return;
      case 0x28: // MARK
        this.#marked.push(this.#stack);
        this.#stack = [];
        return;
      case 0x30: // POP
        return this.#discard();
      case 0x31: // POP_MARK
        this.#popMark();
        return;
      case 0x61: // APPEND
        return this.#append(this.#take(1));
      case 0x65: // APPENDS
        return this.#append(this.#popMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#take(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#popMark());
      case 0x90: // ADDITEMS
        return this.#setItems(this.#popMark().flatMap((item) => [item, null]));
      case 0x62: // BUILD
        return this.#build();
      case 0x71: // BINPUT
        return this.#remember(this.#byte());
      case 0x72: // LONG_BINPUT
        return this.#remember(this.#count32());
      case 0x94: // MEMOIZE
        return this.#remember(this.#memo.size);
      case 0x69: // INST: a class by name, made at once
        knownGlobal(this.#line(), this.#line());
        return damaged('makes an object in a way that PyTorch does not');
      case 0x82: // EXT1
        return this.#extension(this.#byte());
      case 0x83: // EXT2
        return this.#extension(this.#bytes.getUint16(this.#advance(2), true));
      case 0x84: // EXT4
        return this.#extension(this.#count32());
      default:
        return damaged(`uses the instruction 0x${code.toString(16).padStart(2, '0')}, which no tensor needs`);
    }
  }

  #protocol(): void {
    const version = this.#byte();
    if (version < 2 || version > 5) damaged(`has the unknown version ${version}`);
  }

  #stackGlobal(): PickleValue {
    const [module, name] = this.#take(2);
    if (typeof module !== 'string' || typeof name !== 'string') return damaged('refers to a name that is no text');
    return knownGlobal(module, name);
  }

  /** A name by its number in a registry of the Python that wrote it: as good as any other name. */
  #extension(number: number): never {
    throw new ForbiddenGlobalError(`The checkpoint refers to number ${number} of Python's extension registry.`, {
      hint: 'If you trust the file, load it in Python and save its state_dict alone, best as .safetensors.',
    });
  }

  #applied(apply: (callee: PickleValue | undefined, args: PickleValue | undefined) => PickleValue): PickleValue {
    const [callee, args] = this.#take(2);
    return apply(callee, args);
  }

  /** Sets an object's attributes. State dicts carry module versions this way, settings their values: neither matters. */
  #build(): void {
    this.#pop();
    const object = this.#top();
    if (!(object instanceof PickleDict || object instanceof PickleRecord)) {
      damaged('sets attributes of something that has none');
    }
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (!(list instanceof PickleList)) damaged('appends to something that is no list');
    else for (const item of items) list.items.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof PickleDict)) return damaged('sets items of something that is no dictionary');
    if (items.length % 2 !== 0) return damaged('has a key without a value');
    for (let i = 0; i < items.length; i += 2) dict.pairs.push([items[i] ?? null, items[i + 1] ?? null]);
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    return value === undefined ? damaged('takes a value where there is none') : value;
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    return value === undefined ? damaged('takes a value where there is none') : value;
  }

  /** The last `count` values, oldest first. */
  #take(count: number): PickleValue[] {
    if (this.#stack.length < count) return damaged('takes a value where there is none');
    return this.#stack.splice(this.#stack.length - count);
  }

  /** Everything since the last MARK. */
  #popMark(): PickleValue[] {
    const values = this.#stack;
    this.#stack = this.#marked.pop() ?? damaged('ends a group that has not begun');
    return values;
  }

  #discard(): void {
    if (this.#stack.length > 0) this.#stack.pop();
    else this.#popMark();
  }

  #remember(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #remembered(index: number): PickleValue {
    const value = this.#memo.get(index);
    return value === undefined ? damaged('refers to a value that it does not have') : value;
  }

  /** Moves on by `count` bytes and gives where they begin. */
  #advance(count: number): number {
    const start = this.#at;
    if (count > this.#bytes.byteLength - start) damaged('ends too early');
    this.#at += count;
    return start;
  }

  #byte(): number {
    return this.#bytes.getUint8(this.#advance(1));
  }

  #count32(): number {
    return this.#bytes.getUint32(this.#advance(4), true);
  }

  #count64(): number {
    return Number(this.#bytes.getBigUint64(this.#advance(8), true));
  }

  #binary(length: number): Uint8Array {
    const start = this.#advance(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }

  #text(length: number): string {
    return decoder.decode(this.#binary(length));
  }

  #line(): string {
    const start = this.#at;
    while (this.#byte() !== 0x0a);
    return decoder.decode(new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, this.#at - 1 - start));
  }

  /** Little-endian two's complement of any length. */
  #integer(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) return damaged(`has a number of ${length} bytes`);
    let value = 0n;
    const bytes = this.#binary(length);
    for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = BigInt.asIntN(length * 8, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }
}

const STOP = 0x2e;
const decoder = new TextDecoder();

function damaged(reason: string): never {
  throw new CheckpointInvalidError(`The checkpoint's pickle ${reason}.`, {
    hint: 'Download or copy it again; if that does not help, load it in Python and save its state_dict alone.',
  });
}
