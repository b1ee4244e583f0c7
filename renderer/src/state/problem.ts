import { RemoteError } from '#contract/error-data.ts';
import { ConnectionLostError } from '#contract/errors.ts';

/** What went wrong, as a person is told. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | null;
}

/** Null for what is no failure: what was given up, or an engine that is gone, of which the frame tells. */
export function problemOf(thrown: unknown): Problem | null {
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return null;
  if (thrown instanceof ConnectionLostError) return null;
  if (thrown instanceof RemoteError) return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? null };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, hint: null };
}
