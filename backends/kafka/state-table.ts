/** The state of one partition's detector: read from its messages at a take-over, and kept up with what is committed. */
import type { Message } from 'node-rdkafka';
import type { OutgoingMessage } from './durable-producer.ts';
import { headMessage, parseHead, parseStateKey, stateMessage, standsInHead, type StatePlace } from './state-wire.ts';
import type { ValueFile, ValuePlace } from './value-file.ts';

export type StateChange = { readonly key: string; readonly value: string | null };

export class StateTable {
  readonly #file: ValueFile;
  #entries = new Map<string, ValuePlace>();
  #head = new Map<string, string>();

  constructor(file: ValueFile) {
    this.#file = file;
  }

  get(key: string): string | undefined {
    const place = this.#entries.get(key);
    return place === undefined ? this.#head.get(key) : this.#file.get(place).toString('utf8');
  }

  keys(prefix: string): readonly string[] {
    return [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  put(key: string, value: Buffer | string | null): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#file.drop(before);
    if (value === null) this.#entries.delete(key);
    else this.#entries.set(key, this.#file.put(typeof value === 'string' ? Buffer.from(value) : value));
  }

  setHead(entries: Readonly<Record<string, string>>): void {
    this.#head = new Map(Object.entries(entries));
  }

  /** The head as it will be with these changes. */
  headWith(changes: readonly StateChange[]): ReadonlyMap<string, string> {
    const head = new Map(this.#head);
    for (const { key, value } of changes) {
      if (!standsInHead(key)) continue;
      if (value === null) head.delete(key);
      else head.set(key, value);
    }
    return head;
  }

  /** What was committed. */
  apply(changes: readonly StateChange[]): void {
    this.#head = new Map(this.headWith(changes));
    for (const { key, value } of changes) if (!standsInHead(key)) this.put(key, value);
  }

  /** Messages of a commit; the head last. */
  messages(place: StatePlace, epoch: number, changes: readonly StateChange[]): readonly OutgoingMessage[] {
    const many = changes.filter(({ key }) => !standsInHead(key));
    return [
      ...many.map(({ key, value }) => stateMessage(place, epoch, key, value)),
      headMessage(place, epoch, this.headWith(changes)),
    ];
  }

  /** Everything, for a new epoch; the head last. */
  allMessages(place: StatePlace, epoch: number): readonly OutgoingMessage[] {
    const keys = [...this.#entries.keys()];
    return [
      ...keys.map((key) => stateMessage(place, epoch, key, this.get(key) ?? null)),
      headMessage(place, epoch, this.#head),
    ];
  }

  /** Lets go of what is in the file. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.put(key, null);
    this.#head = new Map();
  }
}

/** Puts messages of the topic, in their order, together to the newest state that counts. */
export class StateAssembly {
  readonly #file: ValueFile;
  #table: StateTable;
  #epoch = -1;
  /** Read and not sealed yet, of the epoch that is being read. */
  #open = new Map<string, Buffer | null>();
  #openEpoch = -1;
  /** Of epochs before the one that counts: to be deleted by whoever owns the partition. */
  readonly #stale = new Set<string>();

  constructor(file: ValueFile) {
    this.#file = file;
    this.#table = new StateTable(file);
  }

  take({ key: name, value }: Pick<Message, 'key' | 'value'>): void {
    const text = String(name ?? '');
    const { epoch, key } = parseStateKey(text);
    if (value === null) this.#stale.delete(text);
    if (epoch < Math.max(this.#epoch, this.#openEpoch)) {
      if (value !== null) this.#stale.add(text);
      return;
    }
    if (epoch > this.#openEpoch) {
      this.#open.clear();
      this.#openEpoch = epoch;
    }
    if (key !== undefined) this.#open.set(key, value);
    else if (value !== null) this.#seal(value);
  }

  /** The state, the highest epoch that anybody began, and keys of earlier ones. */
  result(): { readonly table: StateTable; readonly epoch: number; readonly stale: readonly string[] } {
    return { table: this.#table, epoch: Math.max(0, this.#openEpoch), stale: [...this.#stale] };
  }

  #seal(value: Buffer): void {
    const { entries } = parseHead(value);
    if (this.#openEpoch > this.#epoch) {
      for (const key of this.#table.keys('')) this.#stale.add(`${String(this.#epoch)}:${key}`);
      if (this.#epoch >= 0) this.#stale.add(`${String(this.#epoch)}:head`);
      this.#table.clear();
      this.#epoch = this.#openEpoch;
    }
    for (const [key, kept] of this.#open) this.#table.put(key, kept);
    this.#open.clear();
    this.#table.setHead(entries);
  }
}
