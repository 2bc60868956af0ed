/**
 * Which offsets of the log are reports of which site.
 *
 * An index row for every entry would touch a page for every entry. So the offsets are gathered in memory and written
 * when a run of 65,536 is full: one row for a site and run. What is not yet written is read from the log again at
 * the start.
 */
import { checksumOf, expectChecksum, type RowPlace } from './checksum.ts';
import type { Database } from './database.ts';
import type { NameTable } from './name-table.ts';
import { SettingsTable } from './settings-table.ts';

export const BUCKET_ENTRIES = 65_536;
const INDEXED_UP_TO = 'log.indexed';

export class SiteIndex {
  readonly #settings: SettingsTable;
  readonly #names: NameTable;
  readonly #place: RowPlace;
  readonly #insert;
  readonly #find;
  /** Offsets by site of what is not yet written, by run. */
  readonly #tail = new Map<number, Map<string, number[]>>();

  constructor(database: Database, names: NameTable) {
    this.#settings = new SettingsTable(database);
    this.#names = names;
    this.#place = { database, table: 'log_site' };
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO log_site (bucket, site, offsets, checksum) VALUES (?, ?, ?, ?)',
    );
    this.#find = database.prepare('SELECT offsets, checksum FROM log_site WHERE bucket = ? AND site = ?');
  }

  /** Remembers a report; offsets ascend. */
  add(site: string, offset: number): void {
    const bucket = Math.floor(offset / BUCKET_ENTRIES);
    let sites = this.#tail.get(bucket);
    if (sites === undefined) {
      sites = new Map();
      this.#tail.set(bucket, sites);
    }
    const offsets = sites.get(site);
    if (offsets === undefined) sites.set(site, [offset]);
    else offsets.push(offset);
  }

  /** Writes the runs that end at or before `known`, up to where everything was added; within a transaction. */
  writeFull(known: number): void {
    const fullBefore = Math.floor(known / BUCKET_ENTRIES);
    if (fullBefore * BUCKET_ENTRIES <= this.#settings.get(INDEXED_UP_TO)) return;
    for (const [bucket, sites] of this.#tail) {
      if (bucket < fullBefore) this.#write(bucket, sites);
    }
    this.#settings.set(INDEXED_UP_TO, fullBefore * BUCKET_ENTRIES);
  }

  /**
   * Forgets what stands in the table by now, whoever wrote it.
   * @returns the offset up to which the table answers
   */
  dropWritten(): number {
    const writtenUpTo = this.#settings.get(INDEXED_UP_TO);
    for (const bucket of this.#tail.keys()) {
      if (bucket * BUCKET_ENTRIES < writtenUpTo) this.#tail.delete(bucket);
    }
    return writtenUpTo;
  }

  /** Offsets of a site's reports in [from, to), ascending. */
  offsets(site: string, from: number, to: number): number[] {
    const id = this.#names.find(site);
    const found: number[] = [];
    for (let bucket = Math.floor(from / BUCKET_ENTRIES); bucket * BUCKET_ENTRIES < to; bucket += 1) {
      const offsets = this.#tail.get(bucket)?.get(site) ?? (id === undefined ? [] : this.#read(bucket, id));
      for (const offset of offsets) if (offset >= from && offset < to) found.push(offset);
    }
    return found;
  }

  #write(bucket: number, sites: ReadonlyMap<string, readonly number[]>): void {
    for (const [site, offsets] of sites) {
      const relative = Uint16Array.from(offsets, (offset) => offset - bucket * BUCKET_ENTRIES);
      const id = this.#names.idOf(site);
      const bytes = new Uint8Array(relative.buffer);
      this.#insert.run(bucket, id, bytes, checksumOf(bucket, String(id), bytes));
    }
  }

  #read(bucket: number, site: number): number[] {
    const row = this.#find.get(bucket, site) as { offsets: Uint8Array; checksum: number | null } | undefined;
    if (row === undefined) return [];
    const sum = checksumOf(bucket, String(site), row.offsets);
    expectChecksum(sum, row.checksum, this.#place, `run ${String(bucket)} of site ${String(site)}`);
    const view = new DataView(row.offsets.buffer, row.offsets.byteOffset, row.offsets.byteLength);
    return Array.from(
      { length: row.offsets.byteLength / 2 },
      (_, i) => bucket * BUCKET_ENTRIES + view.getUint16(2 * i, true),
    );
  }
}
