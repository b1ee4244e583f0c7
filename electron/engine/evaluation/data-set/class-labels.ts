/**
 * Finds the classes of a model by what data sets call them.
 *
 * A label is, in this order: exactly a class's name; a class number, from 0; a class's name but for case, blanks,
 * underscores and dashes, and the quotes that Kinetics lists put around names.
 */
export class ClassLabels {
  readonly #exact: ReadonlyMap<string, number>;
  readonly #folded: ReadonlyMap<string, number | 'ambiguous'>;
  readonly #count: number;

  /** @param names Line n is the name of class n. */
  constructor(names: readonly string[]) {
    this.#count = names.length;
    // The first of equal names wins, as it does for whoever reads the list from the top.
    this.#exact = new Map(names.map((name, index) => [name, index] as const).reverse());
    const folded = new Map<string, number | 'ambiguous'>();
    for (const [name, index] of this.#exact) {
      const key = fold(name);
      folded.set(key, folded.has(key) ? 'ambiguous' : index);
    }
    this.#folded = folded;
  }

  /** The class number that `label` stands for; null when there is none, or when several would do. */
  find(label: string): number | null {
    const exact = this.#exact.get(label);
    if (exact !== undefined) return exact;
    const plain = unquote(label.trim());
    if (/^\d+$/.test(plain)) {
      const named = this.#exact.get(plain);
      if (named !== undefined) return named;
      return Number(plain) < this.#count ? Number(plain) : null;
    }
    const folded = this.#folded.get(fold(label));
    return folded === undefined || folded === 'ambiguous' ? null : folded;
  }
}

/** Takes away one pair of quotes around the whole text, in which doubled quotes stand for one (RFC 4180). */
export function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text;
}

function fold(name: string): string {
  return unquote(name.trim())
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}
