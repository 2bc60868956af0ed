import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { packEntries, type PackedBlock } from './entry-block.ts';

const MAX_GROUP_ENTRIES = 1_000;
const MAX_GROUP_BYTES = 4 * 1_048_576;
const MAX_IN_FLIGHT = 2;
const BYTES_PER_ENTRY = 64;

interface Waiting {
  readonly entries: readonly LogEntry[];
  readonly bytes: number;
  readonly resolve: (offset: number) => void;
  readonly reject: (error: unknown) => void;
}

function bytesOf(entry: LogEntry): number {
  switch (entry.kind) {
    case 'report':
    case 'order':
    case 'mark':
      return BYTES_PER_ENTRY + entry.body.length;
    case 'dead':
      return BYTES_PER_ENTRY + entry.payload.length + entry.detail.length + entry.topic.length;
    case 'registry':
      return entry.files.reduce((sum, { name, text }) => sum + name.length + text.length, BYTES_PER_ENTRY);
    case 'tick':
    case 'redrive':
      return BYTES_PER_ENTRY;
  }
}

/** Makes appended blocks durable, and gives the offset of the first entry. */
export type SendBlocks = (blocks: readonly PackedBlock[]) => Promise<number>;

/**
 * Gathers appends into groups: what comes within one turn of the event loop, and everything that comes while the
 * store is busy with the groups before. So a group grows with the load, and at rest an append waits for nothing.
 */
export class AppendQueue {
  readonly #send: SendBlocks;
  readonly #maxBytes: number;
  #waiting: Waiting[] = [];
  #waitingEntries = 0;
  #waitingBytes = 0;
  #sentBytes = 0;
  #inFlight = 0;
  #scheduled = false;
  readonly #whenDrained: (() => void)[] = [];
  readonly #whenAnswered: (() => void)[] = [];
  #closed: Error | undefined;

  /** @param maxBytes of entries that were handed in and are not durable yet, about */
  constructor(send: SendBlocks, maxBytes: number) {
    this.#send = send;
    this.#maxBytes = maxBytes;
  }

  /** True while appends are refused because too much waits already. */
  isFull(): boolean {
    return this.#sentBytes + this.#waitingBytes >= this.#maxBytes;
  }

  /** Resolves when half of the room is free. */
  drained(): Promise<void> {
    if (!this.isFull()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenDrained.push(resolve);
    });
  }

  /**
   * Resolves with the offset of the first entry when all are durable.
   * @throws UnavailableError where the queue is full or closed; what the store throws
   */
  append(entries: readonly LogEntry[]): Promise<number> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (this.isFull()) {
      return Promise.reject(
        new UnavailableError('The store is behind with writing: nothing more is taken in until it has caught up.'),
      );
    }
    return new Promise((resolve, reject) => {
      const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
      this.#waiting.push({ entries, bytes, resolve, reject });
      this.#waitingEntries += entries.length;
      this.#waitingBytes += bytes;
      this.#schedule();
    });
  }

  /** Resolves when everything that was taken in is answered. */
  async empty(): Promise<void> {
    while (this.#inFlight > 0 || this.#waiting.length > 0) {
      await new Promise<void>((resolve) => {
        this.#whenAnswered.push(resolve);
      });
    }
  }

  /** Refuses further appends; what was taken in is still sent. */
  close(error: Error): void {
    this.#closed = error;
  }

  #schedule(): void {
    if (this.#inFlight >= MAX_IN_FLIGHT || this.#waiting.length === 0) return;
    if (this.#waitingEntries >= MAX_GROUP_ENTRIES || this.#waitingBytes >= MAX_GROUP_BYTES) {
      this.#flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        if (this.#inFlight < MAX_IN_FLIGHT && this.#waiting.length > 0) this.#flush();
      });
    }
  }

  #takeGroup(): Waiting[] {
    let entries = 0;
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      if (
        count > 0 &&
        (entries + waiting.entries.length > MAX_GROUP_ENTRIES || bytes + waiting.bytes > MAX_GROUP_BYTES)
      )
        break;
      entries += waiting.entries.length;
      bytes += waiting.bytes;
      count += 1;
    }
    this.#waitingEntries -= entries;
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  #flush(): void {
    const group = this.#takeGroup();
    const bytes = group.reduce((sum, waiting) => sum + waiting.bytes, 0);
    this.#inFlight += 1;
    this.#sentBytes += bytes;
    this.#sendGroup(group)
      .catch((error: unknown) => {
        for (const { reject } of group) reject(error);
      })
      .finally(() => {
        this.#inFlight -= 1;
        this.#sentBytes -= bytes;
        this.#settle();
        this.#schedule();
      });
    this.#schedule();
  }

  async #sendGroup(group: readonly Waiting[]): Promise<void> {
    let offset = await this.#send(packEntries(group.flatMap(({ entries }) => entries)));
    for (const { entries, resolve } of group) {
      resolve(offset);
      offset += entries.length;
    }
  }

  #settle(): void {
    for (const resolve of this.#whenAnswered.splice(0)) resolve();
    if (this.#sentBytes + this.#waitingBytes > this.#maxBytes / 2) return;
    for (const resolve of this.#whenDrained.splice(0)) resolve();
  }
}
