/**
 * The items of `source`, with the next one always under way while the present one is used: two are in memory, never
 * more. Leaving the loop early closes `source`.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  let next = settled(source.next());
  try {
    for (;;) {
      const result = (await next)();
      if (result.done) return;
      next = settled(source.next());
      yield result.value;
    }
  } finally {
    await source.return();
  }
}

/** Never rejects, so that a failure that nobody has come to yet is not reported as unhandled; the call throws it. */
async function settled<T>(promise: Promise<T>): Promise<() => T> {
  try {
    const value = await promise;
    return () => value;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}
