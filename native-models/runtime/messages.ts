import type { Feeds, Results } from './host-tensor.ts';
import type { ModelGraph } from './model-graph.ts';
import type { DeviceName } from './target.ts';

/** What the engine asks of an inference worker. Requests are answered one after another, in order. */
export type Request =
  | { readonly kind: 'devices' }
  | { readonly kind: 'open'; readonly session: number; readonly graph: ModelGraph; readonly options: SessionOptions }
  | { readonly kind: 'run'; readonly session: number; readonly feeds: Feeds }
  | { readonly kind: 'close'; readonly session: number }
  | { readonly kind: 'stop' };

export interface SessionOptions {
  readonly device: DeviceName;
  readonly threads: number;
}

/** What a worker answers to a request that succeeded. */
export interface Answers {
  readonly devices: readonly DeviceName[];
  readonly open: undefined;
  readonly run: Outcome;
  readonly close: undefined;
  readonly stop: undefined;
}

/** One finished run. */
export interface Outcome {
  readonly results: Results;
  /** Time inside onnxruntime alone. */
  readonly nativeMs: number;
}

/** Why a request failed. */
export interface Failure {
  /**
   * `feeds`: the caller's mistake; `file`: weights that cannot be read; `memory`: not enough of it; `device`: anything
   * else that onnxruntime said.
   */
  readonly kind: 'feeds' | 'file' | 'memory' | 'device';
  readonly message: string;
}

export interface NumberedRequest {
  readonly id: number;
  readonly request: Request;
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly answer: Answers[Request['kind']] }
  | { readonly id: number; readonly ok: false; readonly failure: Failure };
