import { randomScores } from '#native-models/selection/random-scores.ts';

/**
 * `count` of `items`, as even over the classes as they allow, chosen by `seed` and in their old order. What a smaller
 * count chooses is part of what a larger one chooses.
 */
export function balancedChoice<T extends { readonly label: number }>(
  items: readonly T[],
  count: number,
  seed: number,
): readonly T[] {
  if (count >= items.length) return items;
  const shuffled = byChance(
    items.map((_, at) => at),
    seed,
    0,
  );
  const classes = new Map<number, number[]>();
  for (const at of shuffled) {
    const label = items[at]?.label ?? 0;
    const members = classes.get(label);
    if (members === undefined) classes.set(label, [at]);
    else members.push(at);
  }
  const order = byChance(
    [...classes.keys()].sort((a, b) => a - b),
    seed,
    1,
  );
  const chosen: number[] = [];
  for (let round = 0; chosen.length < count; round++) {
    for (const label of order) {
      const at = classes.get(label)?.[round];
      if (at !== undefined && chosen.length < count) chosen.push(at);
    }
  }
  const wanted = new Set(chosen);
  return items.filter((_, at) => wanted.has(at));
}

/** The values in an order that `seed` and `stream` decide. */
function byChance(values: readonly number[], seed: number, stream: number): number[] {
  const keys = randomScores(values.length, seed, stream);
  return values
    .map((value, at) => ({ value, key: keys[at] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
