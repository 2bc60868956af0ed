import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';

/** The log as a list: the reference for the others, for tests and for replays that need no disk. Keeps nothing. */
export class MemoryLog implements Log {
  readonly #records: LogRecord[] = [];

  async append(entries: readonly LogEntry[]): Promise<number> {
    const first = this.#records.length;
    for (const entry of entries) {
      const before = this.#records.at(-1)?.received ?? Number.NEGATIVE_INFINITY;
      const received = Math.max(before, Math.floor(entry.received));
      this.#records.push({ ...entry, offset: this.#records.length, received });
    }
    return first;
  }

  async read(fromOffset: number, limit: number): Promise<readonly LogRecord[]> {
    const from = Math.max(0, fromOffset);
    return this.#records.slice(from, from + limit);
  }

  async readSite(site: string, fromOffset: number, toOffset: number): Promise<readonly LogRecord[]> {
    return this.#records
      .slice(Math.max(0, fromOffset), Math.max(0, toOffset))
      .filter((record) => record.kind === 'report' && record.site === site);
  }

  async bounds(): Promise<{ readonly first: number; readonly next: number }> {
    return { first: 0, next: this.#records.length };
  }
}
