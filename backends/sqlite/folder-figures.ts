/** How large a data folder is and how much room its disk has, told by the file system alone. */
import { closeSync, existsSync, openSync, readSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { databasePath } from './open-database.ts';
import { sizeOf } from './file-look.ts';

// In the header of a database file: size of a page, and how many pages are free for reuse.
const HEADER_BYTES = 100;
const PAGE_SIZE_AT = 16;
const FREE_PAGES_AT = 36;
const LARGEST_PAGE = 65_536;

export interface FolderFigures {
  readonly databaseBytes: number;
  /** Of the database, what was removed and is written over next; the file itself does not shrink. */
  readonly reusableBytes: number;
  readonly walBytes: number;
  /** What a process without special rights may still write. */
  readonly diskFreeBytes: number;
  readonly diskBytes: number;
}

function reusableBytes(path: string): number {
  if (sizeOf(path) < HEADER_BYTES) return 0;
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  const size = header.readUInt16BE(PAGE_SIZE_AT);
  return header.readUInt32BE(FREE_PAGES_AT) * (size === 1 ? LARGEST_PAGE : size);
}

/** Of a folder that need not exist yet: its disk is that of the nearest folder above it. */
export function folderFigures(folder: string): FolderFigures {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, blocks, bsize } = statfsSync(existing);
  const path = databasePath(folder);
  return {
    databaseBytes: sizeOf(path),
    reusableBytes: reusableBytes(path),
    walBytes: sizeOf(`${path}-wal`),
    diskFreeBytes: bavail * bsize,
    diskBytes: blocks * bsize,
  };
}
