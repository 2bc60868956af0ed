/** A look at the files of a database before SQLite opens them: it would take some losses for an empty or older file. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { damagedFile } from './damage.ts';

// The header of a database file, https://sqlite.org/fileformat.html#the_database_header.
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const PAGE_SIZE_AT = 16;
const CHANGE_COUNTER_AT = 24;
const PAGES_AT = 28;
const VALID_FOR_AT = 92;
const LARGEST_PAGE = 65_536;

export interface FileLook {
  readonly bytes: number;
  /** Bytes of the write-ahead log: SQLite leaves some exactly where the database was not closed. */
  readonly walBytes: number;
  /** Shorter than its header says; the rest may be in the write-ahead log. */
  readonly isShort: boolean;
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

/** Length that the file has by its own header; 0 where the header does not say. */
function promisedBytes(header: Buffer): number {
  if (header.readUInt32BE(CHANGE_COUNTER_AT) !== header.readUInt32BE(VALID_FOR_AT)) return 0;
  const size = header.readUInt16BE(PAGE_SIZE_AT);
  return header.readUInt32BE(PAGES_AT) * (size === 1 ? LARGEST_PAGE : size);
}

/**
 * @param wasMade the file is known to have been there before
 * @throws ConfigError where it is gone, or cut off and nothing is left that could complete it
 */
export function lookAtFile(path: string, wasMade: boolean): FileLook {
  const bytes = sizeOf(path);
  const walBytes = sizeOf(`${path}-wal`);
  if (bytes === 0) {
    if (wasMade || walBytes > 0) throw damagedFile(path, existsSync(path) ? 'is empty' : 'is gone');
    return { bytes, walBytes, isShort: false };
  }
  const header = readHeader(path);
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw damagedFile(path, 'is no database, or its beginning is damaged');
  }
  const promised = promisedBytes(header);
  if (bytes >= promised) return { bytes, walBytes, isShort: false };
  if (walBytes === 0) {
    throw damagedFile(path, `is cut off: ${String(bytes)} bytes are left of ${String(promised)}`);
  }
  return { bytes, walBytes, isShort: true };
}
