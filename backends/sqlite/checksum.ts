/**
 * Checksums of rows. SQLite notices a page that makes no sense, not one whose content was changed: a flipped bit in a
 * body would be read as if it were true. So each row that carries a body carries its CRC-32.
 *
 * A checksum of null is of a row that was written before there were checksums; it has one when it is written again.
 */
import { crc32 } from 'node:zlib';
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import type { Database } from './database.ts';
import { damagedRow } from './damage.ts';

type Part = string | Uint8Array | null;

/** @param key whole number that tells the row from others, so that it does not pass for one of them; 0 where parts do */
export function checksumOf(key: number, ...parts: readonly Part[]): number {
  let sum = key % 2 ** 32;
  for (const part of parts) if (part !== null) sum = crc32(part, sum);
  return sum;
}

/** Where a checked row stands. */
export interface RowPlace {
  readonly database: Pick<Database, 'location'>;
  readonly table: string;
}

/** @throws ConfigError where the row is not what was written */
export function expectChecksum(made: number, stored: number | null, place: RowPlace, row: string | number): void {
  if (stored === null || made === stored) return;
  throw damagedRow(place.database.location(), place.table, typeof row === 'number' ? `row ${String(row)}` : row);
}

/** A row with a JSON body, as it is selected. */
export interface BodyRow {
  readonly body: string;
  readonly checksum: number | null;
}

/** The body, parsed. @throws ConfigError where it is not what was written */
export function checkedBody({ body, checksum }: BodyRow, place: RowPlace): unknown {
  // What it begins with tells which row it was, even where a later byte is wrong.
  expectChecksum(checksumOf(0, body), checksum, place, `a row (${body.slice(0, 60)}…)`);
  return JSON.parse(body) as unknown;
}

/** Of all but what becomes of it. */
export function deadLetterChecksum(letter: Omit<DeadLetter, 'state'>): number {
  const { received, id, reason, detail, topic, payload, encoding } = letter;
  return checksumOf(received, id, reason, detail, topic, payload, encoding);
}

/** @param key site, start and series, so that a mean does not pass for that of another hour */
export function meanChecksum(key: readonly [site: number, startAt: number, series: number], body: string): number {
  return checksumOf(0, key.join('/'), body);
}

/** What happened to what; its number is given only when it is stored. */
export function changeChecksum(...facts: readonly (string | number | null)[]): number {
  return checksumOf(0, JSON.stringify(facts));
}
