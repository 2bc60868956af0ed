/**
 * About 60 samples of one stream in one row, column by column: a series is read by touching its own column only, and
 * takes about two bytes a value.
 *
 * Layout (numbers of varying length as in `bytes.ts`):
 *
 *     u8 version · rows · columns
 *     instants: signed difference of differences, from the begin of the bucket on
 *     received: signed difference of (received - instant) from the one before
 *     u8 1 if there are revisions, then one for each row
 *     columns: signal · bytes of the column · u8 form · [bitmap of rows] · [letters of flags] · values
 *
 * The form says whether only some rows have the signal, whether any flag differs from N, and how values are written:
 * as whole numbers of 10^-k (exact: a value that would not come back bit for bit is never written so), as doubles, or
 * as JSON.
 */

export const VERSION = 1;
/** Bits of a column's form. */
export const SPARSE = 1;
export const FLAGGED = 2;
export const DECIMAL = 4;
export const JSON_VALUES = 8;
/** Powers of ten that a value may be multiplied with to become whole. */
export const POWERS: readonly number[] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
