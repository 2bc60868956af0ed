/**
 * Reads a write-ahead log that a run left behind, before SQLite does. SQLite takes it up to the first frame that does not
 * fit: right for a transaction that was cut off at the end, and a silent loss where a byte in the middle was changed.
 *
 * A transaction is begun only after the one before it is on the disk. So behind the first frame that does not fit there
 * can be the rest of one transaction, never the end of two.
 * Format: https://sqlite.org/fileformat.html#the_write_ahead_log
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { damagedFile } from './damage.ts';
import { sizeOf } from './file-look.ts';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const BIG_ENDIAN_SUMS = 0x377f0683;
const LITTLE_ENDIAN_SUMS = 0x377f0682;
const MOST_BYTES_AT_ONCE = 4 * 1_048_576;

/** The running checksum of a log: two sums over pairs of words. */
class Sums {
  #first = 0;
  #second = 0;
  readonly #isLittle: boolean;

  constructor(isLittle: boolean) {
    this.#isLittle = isLittle;
  }

  add(bytes: Buffer, from: number, to: number): void {
    let [first, second] = [this.#first, this.#second];
    for (let at = from; at < to; at += 8) {
      const a = this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
      const b = this.#isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
      first = (first + a + second) >>> 0;
      second = (second + b + first) >>> 0;
    }
    this.#first = first;
    this.#second = second;
  }

  fits(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second;
  }
}

interface LogHeader {
  readonly pageBytes: number;
  readonly salts: Buffer;
  readonly sums: Sums;
}

function readHeader(header: Buffer): LogHeader | undefined {
  const magic = header.readUInt32BE(0);
  if (magic !== LITTLE_ENDIAN_SUMS && magic !== BIG_ENDIAN_SUMS) return undefined;
  const sums = new Sums(magic === LITTLE_ENDIAN_SUMS);
  sums.add(header, 0, 24);
  if (!sums.fits(header, 24)) return undefined;
  return { pageBytes: header.readUInt32BE(8), salts: Buffer.from(header.subarray(16, 24)), sums };
}

/** The frames of a file one by one, read in large pieces. */
function* frames(file: number, frameBytes: number, end: number): Generator<{ bytes: Buffer; at: number }> {
  const count = Math.max(1, Math.floor(MOST_BYTES_AT_ONCE / frameBytes));
  const piece = Buffer.allocUnsafe(count * frameBytes);
  for (let from = HEADER_BYTES; from + frameBytes <= end; from += piece.length) {
    const read = readSync(file, piece, 0, piece.length, from);
    for (let at = 0; at + frameBytes <= read; at += frameBytes) yield { bytes: piece, at };
  }
}

/** Transactions of this log that end behind the first frame that does not fit. */
function endsBehindFault(file: number, { pageBytes, salts, sums }: LogHeader, end: number): number {
  let isWhole = true;
  let ends = 0;
  for (const { bytes, at } of frames(file, FRAME_HEADER_BYTES + pageBytes, end)) {
    const isOfThisLog = bytes.compare(salts, 0, 8, at + 8, at + 16) === 0;
    if (isWhole && isOfThisLog) {
      sums.add(bytes, at, at + 8);
      sums.add(bytes, at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + pageBytes);
      isWhole = sums.fits(bytes, at + 16);
    } else isWhole = false;
    // What is left of the log before this one has other salts.
    if (!isWhole && isOfThisLog && bytes.readUInt32BE(at + 4) > 0) ends += 1;
  }
  return ends;
}

/**
 * Cost: reads the log, some milliseconds a megabyte; 64 MiB of it at most after a run under load.
 * @param path of the database
 * @throws ConfigError where acknowledged reports in it can no longer be read
 */
export function expectSoundLog(path: string): void {
  const log = `${path}-wal`;
  const end = sizeOf(log);
  if (end < HEADER_BYTES) return;
  const file = openSync(log, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(file, header, 0, HEADER_BYTES, 0);
    const read = readHeader(header);
    if (read === undefined) throw damagedFile(log, 'is damaged at its beginning: the newest reports are in it');
    if (endsBehindFault(file, read, end) >= 2) {
      throw damagedFile(log, 'is damaged in its middle: the newest reports are behind it');
    }
  } finally {
    closeSync(file);
  }
}
