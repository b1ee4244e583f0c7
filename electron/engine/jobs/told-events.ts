/**
 * What `work` tells, for a reader that may be slower: the work never waits for it, and of reports that replace each other
 * only the latest waits.
 *
 * A reader that leaves aborts the work, and is kept until it has ended.
 *
 * @param replaces Whether a later event makes the one before it useless.
 * @returns what the work gives
 * @throws what the work throws
 */
export async function* toldEvents<E, R>(
  work: (tell: (event: E) => void, signal: AbortSignal) => Promise<R>,
  replaces: (later: E, earlier: E) => boolean,
  signal: AbortSignal,
): AsyncGenerator<E, R, undefined> {
  const waiting: E[] = [];
  let wake = () => {};
  const tell = (event: E) => {
    const last = waiting.at(-1);
    if (last !== undefined && replaces(event, last)) waiting.pop();
    waiting.push(event);
    wake();
  };
  let over = false;
  const left = new AbortController();
  const working = work(tell, AbortSignal.any([signal, left.signal])).finally(() => {
    over = true;
    wake();
  });
  // It may fail while the reader is busy with what came before.
  working.catch(() => {});
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (over) return await working;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    left.abort(new DOMException('Nobody listens any more.', 'AbortError'));
    await Promise.allSettled([working]);
  }
}
