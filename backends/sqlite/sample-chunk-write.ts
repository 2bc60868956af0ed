import { ByteWriter } from './bytes.ts';
import { DECIMAL, FLAGGED, JSON_VALUES, POWERS, SPARSE, VERSION } from './sample-chunk.ts';
import type { SampleRow } from './sample-rows.ts';

const MAX_DECIMALS = POWERS.length - 1;
const MAX_WHOLE = 2 ** 46;

interface Gathered {
  readonly rows: number[];
  readonly values: (number | string)[];
  flags: string;
}

function isPresent(value: number | string | undefined): value is number | string {
  return typeof value === 'string' || (value !== undefined && !Number.isNaN(value));
}

function gather(rows: readonly SampleRow[]): Map<number, Gathered> {
  const columns = new Map<number, Gathered>();
  rows.forEach((row, at) => {
    row.signals.forEach((signal, i) => {
      const value = row.values[i];
      if (!isPresent(value)) return;
      let column = columns.get(signal);
      if (column === undefined) {
        column = { rows: [], values: [], flags: '' };
        columns.set(signal, column);
      }
      column.rows.push(at);
      column.values.push(value);
      column.flags += row.flags[i] ?? 'N';
    });
  });
  return columns;
}

/** Decimals that write every value exactly; -1 where there are none. */
function decimalsOf(values: readonly (number | string)[]): number {
  let decimals = 0;
  for (const value of values) {
    if (typeof value === 'string' || Object.is(value, -0)) return -1;
    while (decimals <= MAX_DECIMALS && !isWholeAt(value, decimals)) decimals += 1;
    if (decimals > MAX_DECIMALS) return -1;
  }
  // A later value may have raised the decimals beyond what an earlier large one can bear.
  return values.every((value) => typeof value === 'number' && isWholeAt(value, decimals)) ? decimals : -1;
}

function isWholeAt(value: number, decimals: number): boolean {
  const power = POWERS[decimals] ?? 1;
  const whole = Math.round(value * power);
  return Math.abs(whole) <= MAX_WHOLE && whole / power === value;
}

function writeValues(out: ByteWriter, values: readonly (number | string)[], form: number, decimals: number): void {
  if ((form & JSON_VALUES) !== 0) {
    out.text(JSON.stringify(values));
    return;
  }
  if ((form & DECIMAL) === 0) {
    for (const value of values) out.f64(Number(value));
    return;
  }
  out.u8(decimals);
  const power = POWERS[decimals] ?? 1;
  let before = 0;
  for (const value of values) {
    const whole = Math.round(Number(value) * power);
    out.signed(whole - before);
    before = whole;
  }
}

function writeColumn(out: ByteWriter, column: Gathered, rows: number): void {
  const decimals = decimalsOf(column.values);
  const text = column.values.some((value) => typeof value === 'string');
  const sparse = column.rows.length < rows;
  const flagged = /[^N]/.test(column.flags);
  const form =
    (sparse ? SPARSE : 0) + (flagged ? FLAGGED : 0) + (decimals >= 0 ? DECIMAL : 0) + (text ? JSON_VALUES : 0);
  out.u8(form);
  if (sparse) {
    const bitmap = new Uint8Array(Math.ceil(rows / 8));
    for (const row of column.rows) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
    out.bytes(bitmap);
  }
  if (flagged) out.bytes(Buffer.from(column.flags, 'latin1'));
  writeValues(out, column.values, form, decimals);
}

function writeTimes(out: ByteWriter, rows: readonly SampleRow[], start: number): void {
  let ts = start;
  let step = 0;
  for (const row of rows) {
    out.signed(row.ts - ts - step);
    step = row.ts - ts;
    ts = row.ts;
  }
  let delay = 0;
  for (const row of rows) {
    out.signed(row.received - row.ts - delay);
    delay = row.received - row.ts;
  }
  const revised = rows.some((row) => row.revision > 0);
  out.u8(revised ? 1 : 0);
  if (revised) for (const row of rows) out.unsigned(row.revision);
}

/**
 * Writes rows that are in the order of time.
 * @param start begin of the bucket
 */
export function encodeChunk(rows: readonly SampleRow[], start: number): Uint8Array {
  const columns = gather(rows);
  const out = new ByteWriter();
  out.u8(VERSION);
  out.unsigned(rows.length);
  out.unsigned(columns.size);
  writeTimes(out, rows, start);
  const scratch = new ByteWriter();
  for (const [signal, column] of columns) {
    writeColumn(scratch, column, rows.length);
    out.unsigned(signal);
    out.unsigned(scratch.length);
    out.bytes(scratch.take());
  }
  return out.take();
}
