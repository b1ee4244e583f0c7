/** What work gave, or why it did not. */
export type Attempt<T> = { readonly value: T } | { readonly thrown: unknown };

export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (thrown) {
    return { thrown };
  }
}
