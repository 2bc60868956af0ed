/** What is removed makes room for what comes, and the write-ahead log stays small whoever reads. */
import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCheck } from '../../backends/sqlite/check-client.ts';
import { folderFigures } from '../../backends/sqlite/folder-figures.ts';
import { closeDatabase, databasePath, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { retain, retentionClock } from '../../backends/sqlite/retention.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { WalKeeper } from '../../backends/sqlite/wal-keeper.ts';
import { commit, DAY_MS, reportEntry, sample, T0 } from './builders.ts';
import { gone, startChild } from './child.ts';
import { flipBit, fillTables } from './filled-folder.ts';
import { temporaryFolder } from './sqlite-folder.ts';

const MIB = 1_048_576;
let place: ReturnType<typeof temporaryFolder>;
let database: Database;
beforeEach(() => {
  place = temporaryFolder();
  database = openForWriting(place.folder);
});
afterEach(() => {
  closeDatabase(database);
  place.remove();
});

it('the file stops growing once as much is removed as comes', () => {
  const log = new SqliteLog(database);
  const store = new SqliteDetectionStore(database);
  const pages: number[] = [];
  for (let day = 0; day < 60; day += 1) {
    const at = T0 + day * DAY_MS;
    log.append(
      Array.from({ length: 500 }, (_, i) => reportEntry({ received: at + i, body: `{"n":"${'x'.repeat(200)}"}` })),
    );
    const samples = Array.from({ length: 1_440 }, (_, i) => sample({ ts: at + i * 60_000, received: at + i * 60_000 }));
    store.commit(commit({ nextOffset: (day + 1) * 500, samples }));
    retain(database, { logMs: 10 * DAY_MS, samplesMs: 10 * DAY_MS }, at);
    pages.push((database.prepare('PRAGMA page_count').get() as { page_count: number }).page_count);
  }
  expect(pages.at(-1)).toBeLessThanOrEqual(1.05 * (pages[25] ?? 0));
  expect(pages.at(-1)).toBeGreaterThan(pages[2] ?? 0);
  retain(database, { logMs: 0, samplesMs: 0 }, T0 + 900 * DAY_MS);
  closeDatabase(database);
  // What is free is told, and is free for what comes next.
  const { reusableBytes, databaseBytes, diskFreeBytes, diskBytes, walBytes } = folderFigures(place.folder);
  expect(reusableBytes).toBeGreaterThan(databaseBytes / 4);
  expect([walBytes, diskFreeBytes > 0, diskBytes >= diskFreeBytes]).toEqual([0, true, true]);
  database = openForWriting(place.folder);
});

it('a clock that is years ahead costs a day of the oldest data a run', () => {
  expect(retentionClock(database, T0)).toBe(T0);
  expect(retentionClock(database, T0 + 3_600_000)).toBe(T0 + 3_600_000);
  expect(retentionClock(database, T0 + 900 * DAY_MS)).toBe(T0 + 3_600_000 + DAY_MS);
  expect(retentionClock(database, T0 + 900 * DAY_MS)).toBe(T0 + 3_600_000 + 2 * DAY_MS);
  expect(retentionClock(database, T0 + 2 * DAY_MS)).toBe(T0 + 2 * DAY_MS);
});

it('the write-ahead log is begun anew although somebody reads at every moment', { timeout: 60_000 }, async () => {
  const log = new SqliteLog(database);
  log.append([reportEntry()]);
  const { child, lines } = startChild('overlapping-readers-child.ts', place.folder);
  for await (const line of lines) if (line === 'reading') break;
  let now = 0;
  const keeper = new WalKeeper(database, { maxBytes: 8 * MIB, monotonic: () => (now += 1_001) });
  const wal = `${databasePath(place.folder)}-wal`;
  let most = 0;
  for (let i = 0; i < 80; i += 1) {
    log.append([reportEntry({ body: 'x'.repeat(MIB) })]);
    keeper.look();
    most = Math.max(most, statSync(wal).size);
    await pause(5);
  }
  child.kill('SIGKILL');
  await gone(child);
  expect(most).toBeLessThan(24 * MIB);
  // Never to nothing: an empty one beside an open database means that it was lost.
  expect(statSync(wal).size).toBeGreaterThan(0);
});

it('the nightly look finds what is damaged, beside the writer, and can be stopped', { timeout: 60_000 }, async () => {
  closeDatabase(database);
  fillTables(place.folder);
  expect(await startCheck(place.folder).faults).toEqual([]);
  database = openForWriting(place.folder);
  expect(await startCheck(place.folder).faults).toEqual([]);
  const stopped = startCheck(place.folder);
  const outcome = expect(stopped.faults).rejects.toThrow();
  await stopped.stop();
  await outcome;
  closeDatabase(database);
  const path = databasePath(place.folder);
  flipBit(path, Math.floor(statSync(path).size / 2), 4);
  const faults = await startCheck(place.folder).faults.catch((error: unknown) => [String(error)]);
  expect(faults.length).toBeGreaterThan(0);
  // So that the store can be closed once more.
  flipBit(path, Math.floor(statSync(path).size / 2), 4);
  database = openForWriting(place.folder);
});
