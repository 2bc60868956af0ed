import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeDatabase, openForReading, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { reportEntry, T0 } from './builders.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describe('the log in SQLite, read beside its writer', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let writing: Database;
  let reading: Database;
  beforeEach(() => {
    place = temporaryFolder();
    writing = openForWriting(place.folder);
    reading = openForReading(place.folder);
  });
  afterEach(() => {
    reading.close();
    closeDatabase(writing);
    place.remove();
  });

  it('finds the same reports of a site as the writer does, at every size of the log', () => {
    const log = new SqliteLog(writing);
    const reader = new SqliteLog(reading);
    for (let i = 0; i < 150; i += 1) {
      const at = i * 1_000;
      log.append(
        Array.from({ length: 1_000 }, (_, k) => reportEntry({ site: `s-${(at + k) % 50}`, received: T0 + i })),
      );
      if (i % 7 !== 0) continue;
      const expected = Array.from({ length: (at + 1_000) / 50 }, (_, k) => 50 * k + 13);
      expect(log.readSite('s-13', 0, at + 1_000).map(({ offset }) => offset)).toEqual(expected);
      expect(reader.readSite('s-13', 0, at + 1_000)).toHaveLength(expected.length);
      expect(reader.readSite('s-13', at - 500, at + 500).map(({ offset }) => offset)).toEqual(
        expected.filter((offset) => offset >= at - 500 && offset < at + 500),
      );
    }
  });

  it('holds up neither writing nor the shortening of the write-ahead log after a partial read', () => {
    const log = new SqliteLog(writing);
    const reader = new SqliteLog(reading);
    for (let i = 0; i < 5; i += 1) log.append(Array.from({ length: 100 }, () => reportEntry()));
    expect(reader.read(0, 150)).toHaveLength(150);
    expect(reader.readSite('demo-cement', 0, 10)).toHaveLength(10);
    log.append([reportEntry()]);
    expect(writing.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toEqual({ busy: 0, log: 0, checkpointed: 0 });
    expect(reader.bounds()).toEqual({ first: 0, next: 501 });
  });
});
