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
import type { FolderKind, ReaderThreadData, ToReader } from './reader-messages.ts';
import { ThreadCalls } from './thread-calls.ts';
import { startWorker } from './worker-entry.ts';

/**
 * The read model in a thread of its own: a heavy question holds up other questions, and neither intake nor detection.
 * Every promise of it rejects with `UnavailableError` once the thread has ended.
 */
export class ReaderThread implements ReadModel {
  readonly #calls: ThreadCalls<ToReader, never>;

  private constructor(data: ReaderThreadData) {
    this.#calls = new ThreadCalls(startWorker('reader-worker', data), 'reader', () => {});
  }

  /**
   * Opens the database of a folder in a new thread; resolves when it answers. The store must have created it before.
   * @throws ConfigError as `openForReading` does
   */
  static async start(folder: string, kind: FolderKind = 'store'): Promise<ReaderThread> {
    const reader = new ReaderThread({ folder, kind });
    await reader.#calls.ready();
    return reader;
  }

  findings(filter: FindingFilter, page: PageRequest, who: Visibility): Promise<Page<Finding>> {
    return this.#ask('findings', filter, page, who) as Promise<Page<Finding>>;
  }

  finding(id: string, who: Visibility): Promise<Finding | undefined> {
    return this.#ask('finding', id, who) as Promise<Finding | undefined>;
  }

  findingRevisions(id: string, who: Visibility): Promise<readonly Finding[]> {
    return this.#ask('findingRevisions', id, who) as Promise<Finding[]>;
  }

  means(filter: MeanFilter, page: PageRequest): Promise<Page<Mean>> {
    return this.#ask('means', filter, page) as Promise<Page<Mean>>;
  }

  series(query: SeriesQuery): Promise<SeriesAnswer> {
    return this.#ask('series', query) as Promise<SeriesAnswer>;
  }

  latest(site: string): Promise<readonly LatestValue[]> {
    return this.#ask('latest', site) as Promise<LatestValue[]>;
  }

  orders(): Promise<readonly StoredOrder[]> {
    return this.#ask('orders') as Promise<StoredOrder[]>;
  }

  marks(site: string | undefined, page: PageRequest): Promise<Page<StoredMark>> {
    return this.#ask('marks', site, page) as Promise<Page<StoredMark>>;
  }

  rules(): Promise<readonly RuleEntry[]> {
    return this.#ask('rules') as Promise<RuleEntry[]>;
  }

  deadLetters(filter: DeadLetterFilter, page: PageRequest): Promise<Page<DeadLetter>> {
    return this.#ask('deadLetters', filter, page) as Promise<Page<DeadLetter>>;
  }

  deadLetter(id: string): Promise<DeadLetter | undefined> {
    return this.#ask('deadLetter', id) as Promise<DeadLetter | undefined>;
  }

  changes(afterSeq: number, limit: number): Promise<readonly ChangeEvent[]> {
    return this.#ask('changes', afterSeq, limit) as Promise<ChangeEvent[]>;
  }

  changeBounds(): Promise<{ readonly first: number; readonly last: number }> {
    return this.#ask('changeBounds') as Promise<{ first: number; last: number }>;
  }

  tally(): Promise<Tally> {
    return this.#ask('tally') as Promise<Tally>;
  }

  /** Resolves when the thread has ended: with the error that ended it, or nothing where it was closed. */
  ended(): Promise<Error | undefined> {
    return this.#calls.ended();
  }

  /** Answers what was asked, and ends. */
  close(): Promise<void> {
    return this.#calls.close({ type: 'close' });
  }

  #ask(question: keyof ReadModel, ...ask: readonly unknown[]): Promise<unknown> {
    return this.#calls.call((id) => ({ type: 'ask', id, question, ask }));
  }
}
