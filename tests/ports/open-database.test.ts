import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkDatabase,
  closeDatabase,
  databasePath,
  openForReading,
  openForWriting,
} from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { CannotWriteError, ConfigError } from '../../contracts/errors.ts';
import { commit, reportEntry } from './builders.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describe('the database of a data folder', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeEach(() => {
    place = temporaryFolder();
    path = databasePath(place.folder);
  });
  afterEach(() => {
    place.remove();
  });

  const mode = (file: string): number => statSync(file).mode & 0o777;
  const filled = (): void => {
    const database = openForWriting(place.folder);
    new SqliteLog(database).append(Array.from({ length: 3_000 }, () => reportEntry()));
    closeDatabase(database);
  };

  it('is created in a private folder, with private files beside it', () => {
    const folder = join(place.folder, 'new', 'data');
    const database = openForWriting(folder);
    new SqliteLog(database).append([reportEntry()]);
    expect(mode(folder)).toBe(0o700);
    expect(readdirSync(folder).sort()).toEqual([
      ...['stackwarden.db', 'stackwarden.db-shm', 'stackwarden.db-wal', 'stackwarden.made'],
    ]);
    for (const name of readdirSync(folder)) expect(mode(join(folder, name))).toBe(0o600);
    closeDatabase(database);
  });

  it('is made private where it was not', () => {
    filled();
    chmodSync(path, 0o644);
    closeDatabase(openForWriting(place.folder));
    expect(mode(path)).toBe(0o600);
  });

  it('leaves the rights of a folder that was there before', () => {
    const folder = join(place.folder, 'shared');
    mkdirSync(folder, { mode: 0o755 });
    closeDatabase(openForWriting(folder));
    expect(mode(folder)).toBe(0o755);
  });

  it('writes durably: full synchronisation, write-ahead log', () => {
    const database = openForWriting(place.folder);
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    closeDatabase(database);
  });

  it('has nothing to recover after it was closed, and is checked after it was not', () => {
    const database = openForWriting(place.folder);
    new SqliteLog(database).append([reportEntry()]);
    const crashed = join(place.folder, 'crashed');
    mkdirSync(crashed);
    for (const name of ['stackwarden.db', 'stackwarden.db-wal'])
      copyFileSync(join(place.folder, name), join(crashed, name));
    closeDatabase(database);
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    const recovered = openForWriting(crashed);
    expect(new SqliteLog(recovered).bounds()).toEqual({ first: 0, next: 1 });
    expect(checkDatabase(recovered)).toEqual([]);
    closeDatabase(recovered);
  });

  it('is refused by name where it is no database', () => {
    writeFileSync(path, 'no database, however long this text goes on. '.repeat(200));
    expect(() => openForWriting(place.folder)).toThrow(ConfigError);
    expect(() => openForWriting(place.folder)).toThrow(`${path} is no database`);
    expect(() => openForReading(place.folder)).toThrow(`${path} is no database`);
  });

  it('is refused where pages are damaged and the last run did not end well', () => {
    filled();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4_096, 3 * 4_096);
    writeFileSync(path, bytes);
    writeFileSync(`${path}-wal`, 'left over');
    expect(() => openForWriting(place.folder)).toThrow(ConfigError);
    expect(() => openForWriting(place.folder)).toThrow(/restore DIR/);
  });

  it('is refused where it belongs to another program, and left as it was', () => {
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE notes (text TEXT)');
    foreign.close();
    const before = readFileSync(path);
    expect(() => openForWriting(place.folder)).toThrow(/another program/);
    expect(readFileSync(path)).toEqual(before);
  });

  it('is refused where a newer version wrote it', () => {
    filled();
    const database = openForWriting(place.folder);
    database.exec('PRAGMA user_version = 99');
    closeDatabase(database);
    expect(() => openForWriting(place.folder)).toThrow(ConfigError);
    expect(() => openForWriting(place.folder)).toThrow(/schema version 99.*newer stackwarden/);
    expect(() => openForReading(place.folder)).toThrow(/newer stackwarden/);
  });

  it('cannot be created where the path is a file', () => {
    writeFileSync(join(place.folder, 'file'), '');
    expect(() => openForWriting(join(place.folder, 'file', 'data'))).toThrow(CannotWriteError);
  });

  it('names the entries whose row was changed on the disk', () => {
    const database = openForWriting(place.folder);
    const log = new SqliteLog(database);
    log.append([reportEntry()]);
    log.append([reportEntry(), reportEntry()]);
    log.append([reportEntry()]);
    database.exec("UPDATE log SET body = CAST(replace(CAST(body AS TEXT), '12.3', '12.4') AS BLOB) WHERE first = 1");
    expect(log.read(0, 1)).toHaveLength(1);
    expect(log.read(3, 1)).toHaveLength(1);
    expect(() => log.read(0, 10)).toThrow(/table log, the checksum of entries 1 to 2/);
    expect(() => new SqliteLog(database).readSite('demo-cement', 0, 10)).toThrow(/entries 1 to 2/);
    closeDatabase(database);
  });

  it('refuses an append that the disk has no room for, keeps what was there, and takes the next when there is room', () => {
    const database = openForWriting(place.folder);
    const log = new SqliteLog(database);
    const store = new SqliteDetectionStore(database);
    log.append([reportEntry()]);
    store.commit(commit({ nextOffset: 1, counts: { stored: 1 } }));
    const large = [reportEntry({ site: 'large', body: 'x'.repeat(2_000_000) })];
    // A limit on pages fails in the same way as a full disk: SQLITE_FULL, and SQLite rolls back by itself.
    database.exec(
      `PRAGMA max_page_count = ${(database.prepare('PRAGMA page_count').get() as { page_count: number }).page_count + 20}`,
    );
    expect(() => log.append(large)).toThrow(CannotWriteError);
    expect(() => store.commit(commit({ nextOffset: 9, state: [{ key: 'k', value: 'x'.repeat(2_000_000) }] }))).toThrow(
      CannotWriteError,
    );
    expect(log.bounds()).toEqual({ first: 0, next: 1 });
    expect(store.nextOffset()).toBe(1);
    expect(log.append([reportEntry()])).toBe(1);
    database.exec('PRAGMA max_page_count = 1000000');
    expect(log.append(large)).toBe(2);
    store.commit(commit({ nextOffset: 3, counts: { stored: 1 } }));
    expect(log.readSite('large', 0, 10)).toHaveLength(1);
    expect(checkDatabase(database)).toEqual([]);
    closeDatabase(database);
  });
});
