/** A log in memory whose storage can be made slow, or made to refuse. */
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';

export class MemoryLog implements Pick<Log, 'append'> {
  /** What is durable, in order. */
  readonly records: LogEntry[] = [];
  /** Appends that were asked for, refused ones included. */
  attempts = 0;
  /** Appends asked for and not answered yet. */
  underWay = 0;
  #held: Promise<void> | undefined;
  #refuses: (entries: readonly LogEntry[]) => Error | undefined = () => undefined;
  #watchers: (() => void)[] = [];

  async append(entries: readonly LogEntry[]): Promise<number> {
    this.attempts += 1;
    this.underWay += 1;
    this.#tell();
    await this.#held;
    this.underWay -= 1;
    const error = this.#refuses(entries);
    if (error === undefined) this.records.push(...entries);
    this.#tell();
    if (error !== undefined) throw error;
    return this.records.length - entries.length;
  }

  /** Appends wait until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = () => {
        this.#held = undefined;
        resolve();
      };
    });
    return release;
  }

  refuse(refuses: (entries: readonly LogEntry[]) => Error | undefined = () => new UnavailableError('disk full')): void {
    this.#refuses = refuses;
  }

  accept(): void {
    this.#refuses = () => undefined;
  }

  /** Resolves when it holds; looked at whenever an append begins or ends. */
  until(holds: (log: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (holds(this)) resolve();
        else this.#watchers.push(look);
      };
      look();
    });
  }

  #tell(): void {
    for (const look of this.#watchers.splice(0)) look();
  }
}
