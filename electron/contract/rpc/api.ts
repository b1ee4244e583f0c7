import type { z } from 'zod';

/**
 * How an API is written down: named groups of procedures, each with the schemas of what goes in and what comes out.
 * Types of both sides follow from it, and the side that answers checks every input against it.
 */

/** Asked once, answered once. */
export interface RequestDefinition<I extends z.ZodType, O extends z.ZodType> {
  readonly kind: 'request';
  readonly input: I;
  readonly output: O;
}

/** Asked once, answered by any number of items until it ends, fails or is cancelled. */
export interface StreamDefinition<I extends z.ZodType, T extends z.ZodType> {
  readonly kind: 'stream';
  readonly input: I;
  readonly item: T;
}

export type Procedure = RequestDefinition<z.ZodType, z.ZodType> | StreamDefinition<z.ZodType, z.ZodType>;

/** `{ group: { procedure } }`. */
export type Api = Readonly<Record<string, Readonly<Record<string, Procedure>>>>;

export function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): RequestDefinition<I, O> {
  return { kind: 'request', input, output };
}

export function stream<I extends z.ZodType, T extends z.ZodType>(input: I, item: T): StreamDefinition<I, T> {
  return { kind: 'stream', input, item };
}

export interface CallOptions {
  /** Cancels the call: it rejects with the signal's reason at once, and the other side stops its work. */
  readonly signal?: AbortSignal | undefined;
}

type Arguments<I extends z.ZodType> =
  undefined extends z.input<I>
    ? [input?: z.input<I>, options?: CallOptions]
    : [input: z.input<I>, options?: CallOptions];

type Caller<P> =
  P extends RequestDefinition<infer I, infer O>
    ? (...args: Arguments<I>) => Promise<z.output<O>>
    : P extends StreamDefinition<infer I, infer T>
      ? (...args: Arguments<I>) => AsyncGenerator<z.output<T>, void, undefined>
      : never;

/** What the asking side sees of an API. */
export type Client<A extends Api> = {
  readonly [G in keyof A]: { readonly [P in keyof A[G]]: Caller<A[G][P]> };
};

/** What a handler is told about a call besides its input. */
export interface Call {
  /** Aborted when the caller cancels, or is gone. */
  readonly signal: AbortSignal;
}

type Handler<P> =
  P extends RequestDefinition<infer I, infer O>
    ? (input: z.output<I>, call: Call) => Immutable<z.input<O>> | Promise<Immutable<z.input<O>>>
    : P extends StreamDefinition<infer I, infer T>
      ? (input: z.output<I>, call: Call) => AsyncIterable<Immutable<z.input<T>>>
      : never;

/** What the answering side provides. A stream's iterable is closed (`return`) when nobody listens any more. */
export type Implementation<A extends Api> = {
  readonly [G in keyof A]: { readonly [P in keyof A[G]]: Handler<A[G][P]> };
};

/** `T` that nobody writes to; arrays of numbers stay what they are. */
export type Immutable<T> = T extends Float32Array | Uint32Array | Uint8Array
  ? T
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;
