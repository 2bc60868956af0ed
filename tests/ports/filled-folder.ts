/** A data folder as a system leaves it: everything is in it that a damaged byte could hit. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { closeDatabase, databasePath, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { openEmbeddedStore } from '../../cli/embedded-store.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { KILL_REGISTRY, killStream } from '../end-to-end/kill-stream.ts';
import { commit, deadLetter, everyKindOfEntry, finding, mean, order, mark, sample, T0 } from './builders.ts';

const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');

/** Two plants for some minutes through the real detector; closed cleanly. */
export async function fillFolder(folder: string, minutes: number): Promise<void> {
  const store = await openEmbeddedStore(folder);
  await store.store.append([
    { kind: 'registry', received: BEGIN, files: [{ name: 'kept.yaml', text: KILL_REGISTRY }] },
  ]);
  for (const [minute, step] of killStream(minutes, 7).entries()) {
    const received = BEGIN + minute * MINUTE_MS + 2_000;
    const entries = step.flatMap(({ device, reports }) => {
      const [site = '', name = ''] = device.split('/');
      return reports.map((body): LogEntry => ({ kind: 'report', received, site, device: name, body }));
    });
    await store.store.append(entries);
  }
  await store.credentials.addDevice('works-a/cems-1', ['works-a/cems-1']);
  await store.credentials.addKey('desk', 'watch');
  while ((await store.reader.tally()).lagRecords > 0) await pause(50);
  await store.close();
}

/** One row or more of every table, quickly. */
export function fillTables(folder: string): void {
  const database = openForWriting(folder);
  const log = new SqliteLog(database);
  log.append(everyKindOfEntry(T0));
  for (let run = 0; run < 70; run += 1) {
    log.append(
      Array.from({ length: 1_000 }, (_, i): LogEntry => ({
        kind: 'report',
        received: T0 + run,
        site: `s-${String(i % 3)}`,
        device: 'd',
        body: '{}',
      })),
    );
  }
  const store = new SqliteDetectionStore(database);
  const samples = Array.from({ length: 17_000 }, (_, i) =>
    sample({ ts: T0 + i * MINUTE_MS, received: T0 + i * MINUTE_MS }),
  );
  store.commit(
    commit({
      nextOffset: 10,
      samples,
      means: [mean()],
      findings: [finding()],
      deadLetters: [deadLetter()],
      orders: [order()],
      marks: [mark()],
      state: [{ key: 'site/a', value: Array.from({ length: 500 }, (_, i) => i * i).join() }],
      counts: { received: 3, stored: 2, dead_letters: 1 },
      rules: [],
    }),
  );
  store.commit(commit({ nextOffset: 12, samples: samples.slice(0, 5).map((row) => ({ ...row, ts: row.ts + 9e8 })) }));
  closeDatabase(database);
}

/** Every row of every table, as text; what is only counted on is left out. */
export function dumpTables(database: Database): string {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name")
    .all() as { name: string }[];
  const shown = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
  return tables
    .map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM ${name}`).all() as Record<string, unknown>[];
      const lines = rows.map((row) => JSON.stringify(Object.values(row).map(shown)));
      // A setting of the run is no content, and neither is a checksum that is not there.
      return [name, ...lines.filter((line) => !line.includes('run.open')).sort()].join('\n');
    })
    .join('\n\n');
}

/** Copies a closed store into a new folder below `place`. */
export function copyStore(from: string, place: string, name: string): string {
  const folder = join(place, name);
  mkdirSync(folder, { recursive: true });
  copyFileSync(databasePath(from), databasePath(folder));
  return folder;
}

/** Flips one bit of a file, at a byte of it. */
export function flipBit(path: string, at: number, bit: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}
