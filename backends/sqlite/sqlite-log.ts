/** The log in SQLite: one partition, appended by its one writer, read by anyone. */
import { crc32 } from 'node:zlib';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';
import { damagedFile, damagedRow } from './damage.ts';
import { EntryBlock, NameCache, packEntries, type PackedBlock } from './entry-block.ts';
import { LOG_FIRST } from './log-bounds.ts';
import { NameTable } from './name-table.ts';
import type { Database } from './database.ts';
import { SettingsTable } from './settings-table.ts';
import { SiteIndex } from './site-index.ts';
import { Transactions } from './transaction.ts';

interface LogRow {
  readonly first: number;
  readonly entries: number;
  readonly checksum: number;
  readonly body: Uint8Array;
}

export interface LogBounds {
  readonly first: number;
  readonly next: number;
}

/**
 * The log for the thread that owns its connection. Everything is synchronous: what returns is done, and an append
 * that returns is durable.
 */
export class SqliteLog {
  readonly #path: string | null;
  readonly #transactions: Transactions;
  readonly #settings: SettingsTable;
  readonly #names: NameTable;
  readonly #index: SiteIndex;
  readonly #cache = new NameCache();
  readonly #insert;
  readonly #last;
  readonly #from;
  #indexedTo = 0;
  /** The block read last: a reader comes back for the rest of it. */
  #recent: EntryBlock | undefined;

  constructor(database: Database) {
    this.#path = database.location();
    this.#transactions = new Transactions(database, `append to ${database.location() ?? 'the log'}`);
    this.#settings = new SettingsTable(database);
    this.#names = new NameTable(database);
    this.#index = new SiteIndex(database, this.#names);
    this.#insert = database.prepare(
      'INSERT INTO log (first, entries, first_received, last_received, lasting, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#last = database.prepare('SELECT first + entries AS next, last_received FROM log ORDER BY first DESC LIMIT 1');
    this.#from = database.prepare(
      'SELECT first, entries, checksum, body FROM log WHERE first >= coalesce((SELECT max(first) FROM log WHERE first <= ?), 0) ORDER BY first',
    );
  }

  /**
   * Appends entries in one transaction; durable on return. A `received` below the one before it is lifted up to it.
   * @returns the offset of the first entry, or the one that the next entry will get where there are none
   * @throws CannotWriteError or UnavailableError; then nothing of it is in the log, and trying again is right
   */
  append(entries: readonly LogEntry[]): number {
    return this.appendBlocks(packEntries(entries))[0] ?? this.bounds().next;
  }

  /** Appends packed entries in one transaction, and gives the offset of the first entry of each block. */
  appendBlocks(blocks: readonly PackedBlock[]): number[] {
    if (blocks.length === 0) return [];
    this.#feedIndex();
    const known = this.#indexedTo;
    const appended = this.#tryAppend(() => {
      this.#index.writeFull(known);
      const last = this.#last.get() as { next: number; last_received: number } | undefined;
      let next = last?.next ?? 0;
      let floor = last?.last_received ?? Number.NEGATIVE_INFINITY;
      return blocks.map(({ bytes, lasting }) => {
        const block = new EntryBlock(bytes, next, this.#cache);
        const lastReceived = block.raiseReceived(floor);
        this.#insert.run(next, block.entries, block.received(0), lastReceived, lasting ? 1 : 0, crc32(bytes), bytes);
        next += block.entries;
        floor = lastReceived;
        return block;
      });
    });
    this.#index.dropWritten();
    for (const block of appended) this.#addToIndex(block);
    return appended.map((block) => block.first);
  }

  /** Up to `limit` records from `fromOffset` on, in order. */
  read(fromOffset: number, limit: number): LogRecord[] {
    const records: LogRecord[] = [];
    const recent = this.#recent;
    let from = fromOffset;
    if (recent !== undefined && from >= recent.first && from < recent.first + recent.entries) {
      from = this.#take(recent, from, limit, records);
    }
    if (records.length >= limit) return records;
    for (const row of this.#from.iterate(from) as IterableIterator<LogRow>) {
      if (row.first > from) this.#expectRemoved(from, row.first);
      const block = this.#open(row);
      from = this.#take(block, from, limit, records);
      this.#recent = block;
      if (records.length >= limit) break;
    }
    return records;
  }

  /** The reports of one site in [fromOffset, toOffset), in order. Cost: the blocks that hold them. */
  readSite(site: string, fromOffset: number, toOffset: number): LogRecord[] {
    this.#feedIndex();
    const { next } = this.bounds();
    const records: LogRecord[] = [];
    let block: EntryBlock | undefined;
    for (const offset of this.#index.offsets(site, Math.max(0, fromOffset), Math.min(toOffset, next))) {
      if (block === undefined || offset >= block.first + block.entries) block = this.#blockAt(offset);
      if (block === undefined) break;
      // Retention may have removed the entry since it was indexed.
      if (offset >= block.first) records.push(block.record(offset - block.first));
    }
    return records;
  }

  bounds(): LogBounds {
    const last = this.#last.get() as { next: number } | undefined;
    return { first: this.#settings.get(LOG_FIRST), next: last?.next ?? 0 };
  }

  /** Receive time of the entry at an offset, or of the first one kept behind it; `undefined` at the end. */
  receivedAt(offset: number): number | undefined {
    return this.read(offset, 1)[0]?.received;
  }

  #tryAppend<T>(act: () => T): T {
    try {
      return this.#transactions.run(act);
    } catch (error) {
      this.#names.forget();
      throw error;
    }
  }

  #take(block: EntryBlock, from: number, limit: number, into: LogRecord[]): number {
    const end = block.first + block.entries;
    let offset = Math.max(from, block.first);
    while (offset < end && into.length < limit) {
      into.push(block.record(offset - block.first));
      offset += 1;
    }
    return Math.max(offset, from);
  }

  /** Entries are missing only where retention has removed them. @throws ConfigError where they are lost */
  #expectRemoved(from: number, to: number): void {
    const first = this.#settings.get(LOG_FIRST);
    if (to <= first) return;
    throw damagedFile(
      this.#path ?? 'The database',
      `is damaged: its table log lacks entries ${Math.max(from, first)} to ${to - 1}`,
    );
  }

  #blockAt(offset: number): EntryBlock | undefined {
    for (const row of this.#from.iterate(offset) as IterableIterator<LogRow>) {
      if (offset < row.first + row.entries) return this.#open(row);
    }
    return undefined;
  }

  #open(row: LogRow): EntryBlock {
    const last = row.first + row.entries - 1;
    if (crc32(row.body) !== row.checksum) {
      throw damagedRow(
        this.#path,
        'log',
        last === row.first ? `entry ${row.first}` : `entries ${row.first} to ${last}`,
      );
    }
    return new EntryBlock(row.body, row.first, this.#cache);
  }

  #feedIndex(): void {
    this.#indexedTo = Math.max(this.#indexedTo, this.#index.dropWritten());
    const last = this.#last.get() as { next: number } | undefined;
    if (last === undefined || this.#indexedTo >= last.next) return;
    for (const row of this.#from.iterate(this.#indexedTo) as IterableIterator<LogRow>) {
      this.#addToIndex(this.#open(row));
    }
  }

  #addToIndex(block: EntryBlock): void {
    for (let i = Math.max(0, this.#indexedTo - block.first); i < block.entries; i += 1) {
      const site = block.site(i);
      if (site !== undefined) this.#index.add(site, block.first + i);
    }
    this.#indexedTo = Math.max(this.#indexedTo, block.first + block.entries);
  }
}

/** The log as the port, for callers in the same thread. */
export function toAsyncLog(log: SqliteLog): Log {
  return {
    append: async (entries) => log.append(entries),
    read: async (fromOffset, limit) => log.read(fromOffset, limit),
    readSite: async (site, fromOffset, toOffset) => log.readSite(site, fromOffset, toOffset),
    bounds: async () => log.bounds(),
  };
}
