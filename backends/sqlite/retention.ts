/** Removes what is older than its kind is kept for, in steps that are short enough to run between appends. */
import { DAY_MS } from '../../contracts/time/instant.ts';
import { LOG_FIRST, NEXT_OFFSET } from './log-bounds.ts';
import type { Database } from './database.ts';
import { bucketMs, bucketOf, chunkId, chunkRange } from './sample-rows.ts';
import { SettingsTable } from './settings-table.ts';
import { BUCKET_ENTRIES } from './site-index.ts';
import { Transactions } from './transaction.ts';

/** How long each kind is kept, in ms; absent = for ever. */
export interface RetentionPolicy {
  /** At least 8 days are kept, whatever is said here: late reports make detection read up to 7 days again. */
  readonly logMs?: number;
  readonly samplesMs?: number;
  readonly meansMs?: number;
  /** Findings that are closed or withdrawn. */
  readonly findingsMs?: number;
  readonly deadLettersMs?: number;
  readonly changesMs?: number;
}

/** How many rows of each table went. */
export type RetentionReport = Readonly<Record<string, number>>;

const SHORTEST_LOG_MS = 8 * DAY_MS;

// Bounds of one step. A row of the log is up to 4 MiB, of samples a kilobyte.
const LOG_ROWS = 32;
const ROWS = 1_000;
const STREAMS = 50;

interface Step {
  readonly table: string;
  /** 0 where much was looked at and nothing found. */
  readonly removed: number;
}

/** Adds a step to what was removed before. */
export function addStep(report: Record<string, number>, { table, removed }: Step): void {
  if (removed > 0) report[table] = (report[table] ?? 0) + removed;
}

type Work = Generator<Step, void, void>;

class Remover {
  readonly #database: Database;
  readonly #transactions: Transactions;
  readonly #settings: SettingsTable;

  constructor(database: Database) {
    this.#database = database;
    this.#transactions = new Transactions(database, `remove old rows of ${database.location() ?? 'the database'}`);
    this.#settings = new SettingsTable(database);
  }

  *log(cutoff: number, neededFrom: () => number): Work {
    // Never what detection may still read, and never the newest row, which says where the log goes on.
    const old = this.#database.prepare(
      'SELECT first, first + entries AS next FROM log WHERE first >= ? AND lasting = 0 AND last_received < ? ' +
        'AND first + entries <= ? AND first < (SELECT max(first) FROM log) ORDER BY first LIMIT ?',
    );
    const remove = this.#database.prepare('DELETE FROM log WHERE first BETWEEN ? AND ? AND lasting = 0');
    for (;;) {
      const before = Math.min(this.#settings.get(NEXT_OFFSET), neededFrom());
      const rows = old.all(this.#settings.get(LOG_FIRST), cutoff, before, LOG_ROWS) as {
        first: number;
        next: number;
      }[];
      const [first, last] = [rows[0], rows.at(-1)];
      if (first === undefined || last === undefined) break;
      this.#transactions.run(() => {
        remove.run(first.first, last.first);
        this.#settings.set(LOG_FIRST, last.next);
      });
      yield { table: 'log', removed: rows.length };
    }
    const bucket = Math.floor(this.#settings.get(LOG_FIRST) / BUCKET_ENTRIES);
    yield* this.#delete('log_site', 'bucket, site', 'bucket < ?', [bucket]);
  }

  *samples(cutoff: number): Work {
    const streams = this.#database.prepare('SELECT id, period FROM stream').all() as { id: number; period: number }[];
    for (const [i, { id, period }] of streams.entries()) {
      if (i % STREAMS === STREAMS - 1) yield { table: 'sample_chunk', removed: 0 };
      const end = chunkId(id, bucketOf(cutoff, bucketMs(period)));
      yield* this.#delete('sample_chunk', 'id', 'id >= ? AND id < ?', [chunkRange(id).first, end]);
    }
  }

  *means(cutoff: number): Work {
    const sites = this.#database.prepare('SELECT DISTINCT site FROM mean_series').all() as { site: number }[];
    for (const { site } of sites)
      yield* this.#delete('mean', 'site, start_at, series', 'site = ? AND start_at < ?', [site, cutoff]);
  }

  *findings(cutoff: number): Work {
    const old = this.#database.prepare(
      "SELECT n FROM finding WHERE state <> 'open' AND detected_at < ? ORDER BY detected_at LIMIT ?",
    );
    const revisions = this.#database.prepare('DELETE FROM finding_revision WHERE finding = ?');
    const remove = this.#database.prepare('DELETE FROM finding WHERE n = ?');
    for (;;) {
      const rows = old.all(cutoff, ROWS) as { n: number }[];
      if (rows.length === 0) return;
      this.#transactions.run(() => {
        for (const { n } of rows) {
          revisions.run(n);
          remove.run(n);
        }
      });
      yield { table: 'finding', removed: rows.length };
    }
  }

  deadLetters(cutoff: number): Work {
    return this.#delete('dead_letter', 'n', "received < ? AND state <> 'quarantined'", [cutoff]);
  }

  changes(cutoff: number): Work {
    // They were committed in the order of their numbers: the first that is young enough ends it.
    const young = this.#database.prepare('SELECT seq FROM change WHERE committed_at >= ? ORDER BY seq LIMIT 1');
    const row = young.get(cutoff) as { seq: number } | undefined;
    return this.#delete('change', 'seq', 'seq < ?', [row?.seq ?? Number.MAX_SAFE_INTEGER]);
  }

  /** @param key the columns of its primary key */
  *#delete(table: string, key: string, condition: string, parameters: readonly number[]): Work {
    const statement = this.#database.prepare(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${ROWS})`,
    );
    for (;;) {
      const removed = this.#transactions.run(() => statement.run(...parameters).changes);
      if (removed > 0) yield { table, removed };
      if (removed < ROWS) return;
    }
  }
}

/**
 * Removes step by step; each step is a short transaction of its own, and may be the last without harm.
 * @param now wall clock in epoch ms
 * @param neededFrom offset from which on a restart would read the log again
 */
export function* removeOld(
  database: Database,
  policy: RetentionPolicy,
  now: number,
  neededFrom: () => number = () => Number.POSITIVE_INFINITY,
): Work {
  const remover = new Remover(database);
  const { logMs, samplesMs, meansMs, findingsMs, deadLettersMs, changesMs } = policy;
  if (logMs !== undefined) yield* remover.log(now - Math.max(logMs, SHORTEST_LOG_MS), neededFrom);
  if (samplesMs !== undefined) yield* remover.samples(now - samplesMs);
  if (meansMs !== undefined) yield* remover.means(now - meansMs);
  if (findingsMs !== undefined) yield* remover.findings(now - findingsMs);
  if (deadLettersMs !== undefined) yield* remover.deadLetters(now - deadLettersMs);
  if (changesMs !== undefined) yield* remover.changes(now - changesMs);
}

/** Setting: the moment that retention reckons from. */
const RETAIN_CLOCK = 'retention.clock';

/**
 * The moment to reckon ages from: the wall clock, but at most a day further than the last time. So a clock that was
 * set years ahead by mistake costs a day of the oldest data a run, not everything, before somebody notices.
 */
export function retentionClock(database: Database, now: number): number {
  const settings = new SettingsTable(database);
  const last = settings.get(RETAIN_CLOCK);
  const clock = last === 0 ? now : Math.min(now, last + DAY_MS);
  settings.set(RETAIN_CLOCK, clock);
  return clock;
}

/** Removes everything that is old, at once. */
export function retain(database: Database, policy: RetentionPolicy, now: number): RetentionReport {
  const report: Record<string, number> = {};
  for (const step of removeOld(database, policy, now)) addStep(report, step);
  return report;
}
