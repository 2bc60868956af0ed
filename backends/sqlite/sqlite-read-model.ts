/** What the API reads, on a read-only connection: never waits for the writer, and the writer never for it. */
import { ConfigError, InvariantError } from '../../contracts/errors.ts';
import type { DeadLetter, StoredMark, StoredOrder } from '../../contracts/ports/detection-store.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import type {
  ChangeEvent,
  DeadLetterFilter,
  FindingFilter,
  LatestValue,
  MeanFilter,
  Page,
  PageRequest,
  ReadModel,
  SeriesAnswer,
  SeriesQuery,
  Tally,
  Visibility,
} from '../../contracts/ports/read-model.ts';
import type { RuleEntry } from '../../contracts/rule-entry.ts';
import { findFinding, findFindings, findRevisions } from './finding-queries.ts';
import {
  changeBounds,
  findChanges,
  findDeadLetter,
  findDeadLetters,
  findMarks,
  findMeans,
  findOrders,
  findRules,
} from './list-queries.ts';
import { NameTable } from './name-table.ts';
import { NEXT_OFFSET } from './log-bounds.ts';
import { CounterTable } from './counter-table.ts';
import type { Database } from './database.ts';
import { Queries } from './query-builder.ts';
import { SeriesQueries } from './series-queries.ts';
import { SettingsTable } from './settings-table.ts';
import { guarded } from './sqlite-errors.ts';
import { SqliteLog } from './sqlite-log.ts';
import { StreamReader } from './stream-reader.ts';
import { onSnapshot } from './transaction.ts';

/**
 * The read model on one connection. The work is done before the promise is there: heavy use belongs into a thread of
 * its own (`reader-client.ts`).
 * @throws InputError for cursors and series that cannot be; UnavailableError where the file cannot be read;
 * InvariantError where it is damaged
 */
export class SqliteReadModel implements ReadModel {
  readonly #database: Database;
  readonly #queries: Queries;
  readonly #series: SeriesQueries;
  readonly #settings: SettingsTable;
  readonly #counters: CounterTable;
  readonly #log: SqliteLog;

  constructor(database: Database) {
    this.#database = database;
    this.#queries = new Queries(database);
    this.#series = new SeriesQueries(this.#queries, new NameTable(database), new StreamReader(database));
    this.#settings = new SettingsTable(database);
    this.#counters = new CounterTable(database);
    this.#log = new SqliteLog(database);
  }

  async findings(filter: FindingFilter, page: PageRequest, who: Visibility): Promise<Page<Finding>> {
    return this.#read(() => findFindings(this.#queries, filter, page, who));
  }

  async finding(id: string, who: Visibility): Promise<Finding | undefined> {
    return this.#read(() => findFinding(this.#queries, id, who));
  }

  async findingRevisions(id: string, who: Visibility): Promise<readonly Finding[]> {
    return this.#read(() => findRevisions(this.#queries, id, who));
  }

  async means(filter: MeanFilter, page: PageRequest): Promise<Page<Mean>> {
    return this.#read(() => findMeans(this.#queries, filter, page));
  }

  async series(query: SeriesQuery): Promise<SeriesAnswer> {
    return this.#read(() => this.#series.series(query));
  }

  async latest(site: string): Promise<readonly LatestValue[]> {
    return this.#read(() => this.#series.latest(site));
  }

  async orders(): Promise<readonly StoredOrder[]> {
    return this.#read(() => findOrders(this.#queries));
  }

  async marks(site: string | undefined, page: PageRequest): Promise<Page<StoredMark>> {
    return this.#read(() => findMarks(this.#queries, site, page));
  }

  async rules(): Promise<readonly RuleEntry[]> {
    return this.#read(() => findRules(this.#queries));
  }

  async deadLetters(filter: DeadLetterFilter, page: PageRequest): Promise<Page<DeadLetter>> {
    return this.#read(() => findDeadLetters(this.#queries, filter, page));
  }

  async deadLetter(id: string): Promise<DeadLetter | undefined> {
    return this.#read(() => findDeadLetter(this.#queries, id));
  }

  async changes(afterSeq: number, limit: number): Promise<readonly ChangeEvent[]> {
    return this.#read(() => findChanges(this.#queries, afterSeq, limit));
  }

  async changeBounds(): Promise<{ readonly first: number; readonly last: number }> {
    return this.#read(() => changeBounds(this.#queries));
  }

  async tally(): Promise<Tally> {
    return this.#read(() => {
      const counts = this.#counters.all();
      const processed = this.#settings.get(NEXT_OFFSET);
      const lagRecords = Math.max(0, this.#log.bounds().next - processed);
      const oldestUnprocessedAt = lagRecords === 0 ? null : (this.#log.receivedAt(processed) ?? null);
      return { counts, lagRecords, oldestUnprocessedAt };
    });
  }

  #read<T>(act: () => T): T {
    try {
      return guarded(`read ${this.#database.location() ?? 'the database'}`, () => onSnapshot(this.#database, act));
    } catch (error) {
      // A damaged row: nothing that the asker could put right.
      throw error instanceof ConfigError ? new InvariantError(error.message, { cause: error }) : error;
    }
  }
}
