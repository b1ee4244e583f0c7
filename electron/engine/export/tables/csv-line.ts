import { stringify } from 'csv-stringify/sync';

/**
 * One record of a CSV file after RFC 4180, with its line end.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe in front of it, as spreadsheets show such a text.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return stringify([[...cells]], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { number: (value) => String(value) },
  });
}
