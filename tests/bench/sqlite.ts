/** What the embedded store costs: appends beside a bare insert of SQLite, commits of samples, and reading a series. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { closeDatabase, databasePath, openForReading, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { StoreThread } from '../../backends/sqlite/store-thread.ts';
import type { ReportRecord } from '../../contracts/log-record.ts';
import type { DetectionCommit, Sample } from '../../contracts/ports/detection-store.ts';

export interface StoreFigures {
  readonly perSecond: number;
  /** Processor time of the process in all its threads. */
  readonly cpuMsPerThousand: number;
  /** Of the database file afterwards. */
  readonly bytesPerEntry: number;
}

const GROUP = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const T0 = Date.UTC(2026, 10, 22);
/** 107 bytes, as a stack monitor sends it. */
const BODY =
  '{"ts":"2026-11-22T08:00:00+08:00","values":{"so2":12.3,"nox":31.4,"pm":3.1,"o2":9.8,"flow":152000,"temp":92.1}}';

function reports(from: number, sites: number): ReportRecord[] {
  return Array.from({ length: GROUP }, (_, k) => {
    const i = from + k;
    const site = `site-${String(i % sites).padStart(4, '0')}`;
    return { kind: 'report', received: T0 + i, site, device: `d-${Math.floor(i / sites) % 4}`, body: BODY };
  });
}

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-bench-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `act` with the clocks on, then closes, and looks at what the file has become. */
async function measured(
  count: number,
  file: string,
  act: () => Promise<void> | void,
  close: () => Promise<void> | void,
): Promise<StoreFigures> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await act();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  await close();
  return {
    perSecond: Math.round((count / ms) * 1_000),
    cpuMsPerThousand: (user + system) / count,
    bytesPerEntry: Math.round(statSync(file).size / count),
  };
}

/** One row a report and an index by site, 1,000 rows a transaction, synchronised fully: SQLite without anything of ours. */
export function measureBareInsert(count: number, sites = 200): Promise<StoreFigures> {
  return inFolder(async (folder) => {
    const file = join(folder, 'bare.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
    database.exec('CREATE TABLE log (n INTEGER PRIMARY KEY, received INTEGER, site TEXT, device TEXT, body TEXT)');
    database.exec('CREATE INDEX log_site ON log (site, n)');
    const insert = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)');
    const groups = Array.from({ length: count / GROUP }, (_, i) => reports(i * GROUP, sites));
    const insertAll = (): void => {
      let n = 0;
      for (const group of groups) {
        database.exec('BEGIN IMMEDIATE');
        for (const { received, site, device, body } of group) insert.run((n += 1), received, site, device, body);
        database.exec('COMMIT');
      }
    };
    return measured(count, file, insertAll, () => {
      closeDatabase(database);
    });
  });
}

/** The log, 1,000 reports an append, in the thread that owns it. */
export function measureAppends(count: number, sites = 200): Promise<StoreFigures> {
  return inFolder(async (folder) => {
    const database = openForWriting(folder);
    const log = new SqliteLog(database);
    const groups = Array.from({ length: count / GROUP }, (_, i) => reports(i * GROUP, sites));
    const appendAll = (): void => {
      for (const group of groups) log.append(group);
    };
    return measured(count, databasePath(folder), appendAll, () => {
      closeDatabase(database);
    });
  });
}

/** The log through its thread, one report an append, `inFlight` at a time: how intake uses it. */
export function measureStoreThread(count: number, inFlight = 2_000): Promise<StoreFigures> {
  return inFolder(async (folder) => {
    const store = await StoreThread.start({ folder });
    const entries = Array.from({ length: count / GROUP }, (_, i) => reports(i * GROUP, 200)).flat();
    let next = 0;
    const client = async (): Promise<void> => {
      for (let entry = entries[next]; entry !== undefined; entry = entries[next]) {
        next += 1;
        await store.append([entry]);
      }
    };
    const appendAll = async (): Promise<void> => {
      await Promise.all(Array.from({ length: inFlight }, client));
    };
    return measured(count, databasePath(folder), appendAll, () => store.close());
  });
}

const SIGNALS = ['so2', 'nox', 'pm', 'o2', 'flow', 'temp'];

function minuteSamples(minute: number, sites: number): Sample[] {
  const ts = T0 + minute * MINUTE_MS;
  return Array.from({ length: sites }, (_, site) => {
    const received = ts + 300 + ((minute * 7_919 + site) % 500);
    const values = SIGNALS.map((_signal, i) => Math.round(1_000 * (10 + Math.sin(minute / 97 + i) + site / 100)) / 100);
    const base = { site: `site-${site}`, device: 'cems-1', ts, periodMs: 0, received, revision: 0 };
    return { ...base, signals: SIGNALS, values, flags: 'NNNNNN' };
  });
}

function commitOf(samples: readonly Sample[]): DetectionCommit {
  const nothing = { findings: [], means: [], deadLetters: [], orders: [], marks: [], state: [], counts: {} };
  return { ...nothing, nextOffset: 0, samples };
}

/** Samples of six signals, a minute of all sites a commit. */
export function measureSamples(minutes: number, sites = 1_000): Promise<StoreFigures> {
  return inFolder(async (folder) => {
    const database = openForWriting(folder);
    const store = new SqliteDetectionStore(database);
    const batches = Array.from({ length: minutes }, (_, minute) => commitOf(minuteSamples(minute, sites)));
    const commitAll = (): void => {
      for (const batch of batches) store.commit(batch);
    };
    return measured(minutes * sites, databasePath(folder), commitAll, () => {
      closeDatabase(database);
    });
  });
}

/** The same samples, one row each, in the order of device and time: SQLite without anything of ours. */
export function measureBareSamples(minutes: number, sites = 1_000): Promise<StoreFigures> {
  return inFolder(async (folder) => {
    const file = join(folder, 'bare.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
    database.exec(
      'CREATE TABLE sample (device TEXT, ts INTEGER, received INTEGER, flags TEXT, v0, v1, v2, v3, v4, v5, ' +
        'PRIMARY KEY (device, ts)) WITHOUT ROWID',
    );
    const insert = database.prepare('INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const batches = Array.from({ length: minutes }, (_, minute) => minuteSamples(minute, sites));
    const insertAll = (): void => {
      for (const batch of batches) {
        database.exec('BEGIN IMMEDIATE');
        for (const { site, ts, received, flags, values } of batch) insert.run(site, ts, received, flags, ...values);
        database.exec('COMMIT');
      }
    };
    return measured(minutes * sites, file, insertAll, () => {
      closeDatabase(database);
    });
  });
}

export interface LatencyFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Rolling 30 days of minutes of one signal up to 1,000 points, another site and signal each time. */
export function measureSeries(queries = 200, days = 30): Promise<LatencyFigures> {
  return inFolder(async (folder) => {
    const sites = 4;
    const minutes = days * 1_440;
    const database = openForWriting(folder);
    const store = new SqliteDetectionStore(database);
    for (let minute = 0; minute < minutes; minute += 60) {
      store.commit(commitOf(Array.from({ length: 60 }, (_, i) => minuteSamples(minute + i, sites)).flat()));
    }
    const reader = openForReading(folder);
    const model = new SqliteReadModel(reader);
    const times: number[] = [];
    for (let i = 0; i < queries; i += 1) {
      const startedAt = performance.now();
      const answer = await model.series({
        site: `site-${i % sites}`,
        device: 'cems-1',
        signal: SIGNALS[i % SIGNALS.length] ?? '',
        fromAt: T0,
        toAt: T0 + days * DAY_MS,
        everyMs: Math.ceil(minutes / 1_000) * MINUTE_MS,
        maxPoints: 1_001,
      });
      times.push(performance.now() - startedAt);
      if (answer.points.length < 900) throw new Error(`only ${answer.points.length} points`);
    }
    reader.close();
    closeDatabase(database);
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
    return { p50Ms: at(0.5), p99Ms: at(0.99) };
  });
}
