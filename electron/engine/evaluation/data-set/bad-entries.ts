import { basename } from 'node:path';
import { DataSetInvalidError } from '#contract/errors.ts';

/** So many bad entries are told in full. */
const TOLD = 8;

/**
 * The refusal of a data set in which something cannot be used.
 *
 * @param bad A sentence for each bad entry.
 * @param usable Entries that could be used.
 * @param hint What to do about it.
 */
export function badEntriesError(
  place: string,
  bad: readonly string[],
  usable: number,
  hint: string,
): DataSetInvalidError {
  const count = bad.length === 1 ? 'one entry' : `${bad.length} entries`;
  return new DataSetInvalidError(
    `${basename(place)} has ${count} that cannot be used, beside ${usable} that can.${told(bad)}`,
    { hint, detail: bad.join('\n') },
  );
}

/** The first bad entries, each on a line of its own, and how many more there are. */
export function told(bad: readonly string[]): string {
  const lines = bad.slice(0, TOLD).map((message) => `\n  - ${message}`);
  return lines.join('') + (bad.length > TOLD ? `\n  and ${bad.length - TOLD} more` : '');
}
