/**
 * Rows as CSV (RFC 4180): a header line, CRLF, quotes where needed, UTF-8 without a byte order mark.
 * A nested field is a column by its dotted path; lists and open records are JSON in one cell.
 */

/** Spreadsheets run cells that begin like this as formulas. */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** The text of a cell. Numbers stay numbers; text that a spreadsheet would run gets an apostrophe before it. */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function fieldAt(row: unknown, path: readonly string[]): unknown {
  let value = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

export const csvHeader = (columns: readonly string[]): string => `${columns.map(csvCell).join(',')}\r\n`;

/** @param columns dotted paths into a row */
export function createCsvLine(columns: readonly string[]): (row: unknown) => string {
  const paths = columns.map((column) => column.split('.'));
  return (row) => `${paths.map((path) => csvCell(fieldAt(row, path))).join(',')}\r\n`;
}
