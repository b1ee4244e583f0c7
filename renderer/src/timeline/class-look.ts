/** How a class looks wherever it is drawn: never by colour alone. */
export interface ClassLook {
  /** Number of `--category-…`. */
  readonly category: number;
  /** Fill of areas. */
  readonly pattern: Pattern;
  /** Of lines, in pixels. */
  readonly dash: readonly number[];
}

export const PATTERNS = ['plain', 'rising', 'dots', 'falling'] as const;
export type Pattern = (typeof PATTERNS)[number];

const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/** The eighth is grey, and means what is left over. */
const CATEGORIES = 7;

/** The look of a class is the same in every video: it follows from its number alone. */
export function lookOf(classIndex: number): ClassLook {
  const family = Math.floor(classIndex / CATEGORIES) % PATTERNS.length;
  return {
    category: (classIndex % CATEGORIES) + 1,
    pattern: PATTERNS[family] ?? 'plain',
    dash: DASHES[family] ?? [],
  };
}
