import { InvariantError } from '../../contracts/errors.ts';
import { ByteReader } from './bytes.ts';
import { DECIMAL, FLAGGED, JSON_VALUES, POWERS, SPARSE, VERSION } from './sample-chunk.ts';
import type { SampleRow } from './sample-rows.ts';

const N = 78;

/** Values of one signal in the order of time. */
export interface Column {
  readonly ts: Float64Array;
  readonly received: Float64Array;
  readonly revisions: Uint32Array;
  readonly values: readonly (number | string)[];
  /** One letter a value. */
  readonly flags: string;
}

interface Times {
  readonly ts: Float64Array;
  readonly received: Float64Array;
  readonly revisions: Uint32Array;
}

function readTimes(input: ByteReader, rows: number, start: number): Times {
  const times = { ts: new Float64Array(rows), received: new Float64Array(rows), revisions: new Uint32Array(rows) };
  let ts = start;
  let step = 0;
  for (let i = 0; i < rows; i += 1) {
    step += input.signed();
    ts += step;
    times.ts[i] = ts;
  }
  let delay = 0;
  for (let i = 0; i < rows; i += 1) {
    delay += input.signed();
    times.received[i] = (times.ts[i] ?? 0) + delay;
  }
  if (input.u8() === 1) for (let i = 0; i < rows; i += 1) times.revisions[i] = input.unsigned();
  return times;
}

function readValues(input: ByteReader, count: number, form: number): (number | string)[] {
  if ((form & JSON_VALUES) !== 0) return JSON.parse(input.text()) as (number | string)[];
  const values: number[] = new Array<number>(count);
  if ((form & DECIMAL) === 0) {
    for (let i = 0; i < count; i += 1) values[i] = input.f64();
    return values;
  }
  const power = POWERS[input.u8()] ?? 1;
  let whole = 0;
  for (let i = 0; i < count; i += 1) {
    whole += input.signed();
    values[i] = whole / power;
  }
  return values;
}

function presentRows(input: ByteReader, rows: number): number[] {
  const present: number[] = [];
  for (let at = 0; at < rows; at += 8) {
    const bits = input.u8();
    for (let bit = 0; bit < 8; bit += 1) if ((bits & (1 << bit)) !== 0) present.push(at + bit);
  }
  return present;
}

function pick(times: Times, rows: readonly number[]): Times {
  return {
    ts: Float64Array.from(rows, (row) => times.ts[row] ?? 0),
    received: Float64Array.from(rows, (row) => times.received[row] ?? 0),
    revisions: Uint32Array.from(rows, (row) => times.revisions[row] ?? 0),
  };
}

function readFlags(input: ByteReader, count: number): string {
  const letters = new Uint8Array(count).fill(N);
  for (let i = 0; i < count; i += 1) letters[i] = input.u8();
  return Buffer.from(letters.buffer).toString('latin1');
}

interface ReadColumn {
  readonly rows: readonly number[] | undefined;
  readonly flags: string | undefined;
  readonly values: readonly (number | string)[];
}

function readColumn(input: ByteReader, rows: number): ReadColumn {
  const form = input.u8();
  const present = (form & SPARSE) === 0 ? undefined : presentRows(input, rows);
  const count = present?.length ?? rows;
  const flags = (form & FLAGGED) === 0 ? undefined : readFlags(input, count);
  return { rows: present, flags, values: readValues(input, count, form) };
}

interface Opened {
  readonly rows: number;
  readonly columns: number;
  readonly times: Times;
  readonly input: ByteReader;
}

function open(bytes: Uint8Array, start: number): Opened {
  const input = new ByteReader(bytes);
  const version = input.u8();
  if (version !== VERSION) throw new InvariantError(`A row of samples has the unknown form ${version}`);
  const rows = input.unsigned();
  const columns = input.unsigned();
  return { rows, columns, times: readTimes(input, rows, start), input };
}

/** One signal of a chunk; `undefined` where it has none of it. */
export function decodeColumn(bytes: Uint8Array, start: number, signal: number): Column | undefined {
  const { rows, columns, times, input } = open(bytes, start);
  for (let i = 0; i < columns; i += 1) {
    const found = input.unsigned() === signal;
    const length = input.unsigned();
    if (!found) {
      input.skip(length);
      continue;
    }
    const column = readColumn(input, rows);
    const own = column.rows === undefined ? times : pick(times, column.rows);
    return { ...own, values: column.values, flags: column.flags ?? 'N'.repeat(column.values.length) };
  }
  return undefined;
}

/** All rows of a chunk. */
export function decodeChunk(bytes: Uint8Array, start: number): SampleRow[] {
  const { rows, columns, times, input } = open(bytes, start);
  const made = Array.from({ length: rows }, () => ({
    signals: [] as number[],
    values: [] as (number | string)[],
    flags: '',
  }));
  for (let i = 0; i < columns; i += 1) {
    const signal = input.unsigned();
    input.unsigned();
    const column = readColumn(input, rows);
    column.values.forEach((value, at) => {
      const row = made[column.rows?.[at] ?? at];
      if (row === undefined) throw new InvariantError('A row of samples does not fit its own bitmap');
      row.signals.push(signal);
      row.values.push(value);
      row.flags += column.flags?.[at] ?? 'N';
    });
  }
  return made.map((row, i) => ({
    ts: times.ts[i] ?? 0,
    received: times.received[i] ?? 0,
    revision: times.revisions[i] ?? 0,
    ...row,
  }));
}
