/**
 * Does `work` and gives how far it is, 0 … 1. A reader who is slow misses what was overtaken. Whoever stops reading stops the
 * work, and waits until it has stopped.
 *
 * @throws what the work throws
 */
export async function* withProgress(
  work: (onProgress: (share: number) => void, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<number, void, undefined> {
  const left = new AbortController();
  let share: number | null = null;
  let over = false;
  let change = Promise.withResolvers<void>();
  const onProgress = (value: number) => {
    share = value;
    change.resolve();
  };
  const running = work(onProgress, AbortSignal.any([signal, left.signal])).finally(() => {
    over = true;
    change.resolve();
  });
  // It is awaited below; until then it is no stray failure.
  running.catch(() => {});
  try {
    while (!over) {
      await change.promise;
      change = Promise.withResolvers();
      if (share === null || over) continue;
      const told = share;
      share = null;
      yield told;
    }
    await running;
  } finally {
    left.abort(new DOMException('Nobody listens any more.', 'AbortError'));
    await running.catch(() => {});
  }
}
