/**
 * Messages on their way into the log: they go in groups, in the order they came, and each is told when it is durable.
 *
 * While storage refuses, they wait and are tried again; one that has waited too long is given up, so that its
 * connection can be closed and its device sends it again. A single message that alone makes an append fail is found by
 * halving and set aside: it must not hold up the others.
 */
import { CannotWriteError, UnavailableError } from '../contracts/errors.ts';
import type { LogEntry } from '../contracts/log-record.ts';
import type { Log } from '../contracts/ports/log.ts';
import type { Limits } from './limits.ts';
import type { IngestMetrics } from './metrics.ts';

/** A message that waits to be durable. */
export interface Arrival {
  readonly bytes: number;
  /** Monotonic ms. */
  readonly arrivedAt: number;
  /** Its connection is there to take a PUBACK. */
  readonly alive: boolean;
  /** {@link settle} was called. */
  readonly settled: boolean;
  /** What it becomes in the log; asked right before each append, because `received` must ascend in the log. */
  entries(received: number): LogEntry[];
  /** Durable, or given up. Further calls do nothing: an append may end after its messages were given up. */
  settle(durable: boolean): void;
}

export interface AppendQueueOptions {
  readonly log: Pick<Log, 'append'>;
  readonly received: () => number;
  readonly limits: Pick<Limits, 'refusalMs' | 'retryMs' | 'retryMaxMs' | 'appends' | 'appendMessages' | 'appendBytes'>;
  readonly metrics: IngestMetrics;
  /** Told of each append that failed. */
  readonly failed: (error: unknown, messages: number) => void;
  /** Monotonic ms, as in {@link Arrival.arrivedAt}. */
  readonly monotonic: () => number;
}

/** Failures in a row after which it is the storage, not a message. */
const HALVINGS = 16;

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  readonly #sweeper: NodeJS.Timeout;
  /** In the order of arrival. */
  #waiting: Arrival[] = [];
  /** Parts of groups that failed, to be tried by themselves. */
  #suspects: Arrival[][] = [];
  /** Failed alone. */
  #setAside: Arrival[] = [];
  readonly #underWay = new Set<Arrival[]>();
  #scheduled = false;
  #failuresInRow = 0;
  #pauses = 0;
  #pause: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: AppendQueueOptions) {
    this.#options = options;
    const { refusalMs } = options.limits;
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(1_000, Math.ceil(refusalMs / 4)));
    this.#sweeper.unref();
  }

  push(arrival: Arrival): void {
    this.#waiting.push(arrival);
    this.#schedule();
  }

  /** Resolves when nothing waits and nothing is under way, or after this time. */
  drain(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#idle.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#tellIdle();
    });
  }

  /** Gives up all that still waits; appends under way end by themselves. */
  close(): void {
    clearInterval(this.#sweeper);
    clearTimeout(this.#pause);
    const left = [...this.#waiting, ...this.#suspects.flat(), ...this.#setAside, ...[...this.#underWay].flat()];
    this.#waiting = [];
    this.#suspects = [];
    this.#setAside = [];
    for (const arrival of left) arrival.settle(false);
  }

  /** After all sockets of this turn were read: what came together goes together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#pause === undefined && this.#underWay.size < this.#options.limits.appends) {
      const group = this.#suspects.shift() ?? this.#cut();
      if (group.length === 0) break;
      void this.#append(group);
    }
    this.#tellIdle();
  }

  /** The next group of those that wait. */
  #cut(): Arrival[] {
    const { appendMessages, appendBytes } = this.#options.limits;
    let bytes = 0;
    let count = 0;
    for (const arrival of this.#waiting) {
      bytes += arrival.bytes;
      if (count > 0 && (count >= appendMessages || bytes > appendBytes)) break;
      count += 1;
    }
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  async #append(group: Arrival[]): Promise<void> {
    this.#underWay.add(group);
    try {
      const entries = this.#entriesOf(group);
      await this.#options.log.append(entries);
      this.#succeeded(group, entries);
    } catch (error) {
      this.#failedWith(error, group);
    }
    this.#underWay.delete(group);
    this.#flush();
  }

  #entriesOf(group: readonly Arrival[]): LogEntry[] {
    const received = this.#options.received();
    const entries: LogEntry[] = [];
    for (const arrival of group) for (const entry of arrival.entries(received)) entries.push(entry);
    return entries;
  }

  #succeeded(group: readonly Arrival[], entries: readonly LogEntry[]): void {
    const { metrics } = this.#options;
    this.#failuresInRow = 0;
    this.#pauses = 0;
    metrics.appends += 1;
    for (const entry of entries) {
      if (entry.kind === 'report') metrics.reports += 1;
      else if (entry.kind === 'dead') metrics.dead[entry.reason] += 1;
    }
    for (const arrival of group) arrival.settle(true);
  }

  #failedWith(error: unknown, group: readonly Arrival[]): void {
    this.#options.metrics.appendFailures += 1;
    this.#options.failed(error, group.length);
    this.#failuresInRow += 1;
    const left = group.filter(isWanted);
    if (error instanceof UnavailableError || error instanceof CannotWriteError || this.#failuresInRow >= HALVINGS) {
      this.#waiting = [...left, ...this.#waiting];
      this.#waitAwhile();
    } else if (left.length > 1) {
      const half = Math.ceil(left.length / 2);
      this.#suspects.push(left.slice(0, half), left.slice(half));
    } else {
      this.#setAside.push(...left);
    }
  }

  #waitAwhile(): void {
    if (this.#pause !== undefined) return;
    const { retryMs, retryMaxMs } = this.#options.limits;
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined;
        this.#flush();
      },
      Math.min(retryMaxMs, retryMs * 2 ** this.#pauses),
    );
    this.#pauses += 1;
  }

  #sweep(): void {
    const oldest = this.#options.monotonic() - this.#options.limits.refusalMs;
    const lists = [this.#waiting, this.#setAside, ...this.#suspects, ...this.#underWay];
    for (const list of lists) {
      for (const arrival of list) if (arrival.arrivedAt < oldest) arrival.settle(false);
    }
    this.#waiting = this.#waiting.filter((arrival) => !arrival.settled);
    for (const arrival of this.#setAside) if (isWanted(arrival)) this.#suspects.push([arrival]);
    this.#setAside = [];
    this.#suspects = this.#suspects.map((list) => list.filter(isWanted)).filter((list) => list.length > 0);
    this.#flush();
  }

  #tellIdle(): void {
    const left = this.#waiting.length + this.#suspects.length + this.#setAside.length + this.#underWay.size;
    if (left > 0) return;
    for (const tell of this.#idle.splice(0)) tell();
  }
}

/** A message whose connection is gone needs no other try: its device sends it again. */
function isWanted(arrival: Arrival): boolean {
  if (!arrival.alive) arrival.settle(false);
  return !arrival.settled;
}
