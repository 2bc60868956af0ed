import type { Sample } from '../../contracts/ports/detection-store.ts';
import { slotOf } from './hot-samples.ts';
import type { NameTable } from './name-table.ts';
import type { Database } from './database.ts';

/** The samples of one device and one period, in the order of time. */
export interface Stream {
  readonly id: number;
  readonly slot: number;
  readonly periodMs: number;
}

interface SignalSet {
  readonly id: number;
  readonly names: readonly string[];
}

/** A stream as the writer remembers it: reports of a device mostly carry the same signals as the one before. */
interface KnownStream extends Stream {
  readonly sets: Set<number>;
  lastSet: SignalSet | undefined;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((signal, i) => signal === b[i]));
}

/** Streams and sets of signals as numbers; new ones are stored by the transaction that first uses them. */
export class StreamTable {
  readonly #names: NameTable;
  readonly #streams = new Map<string, Map<string, KnownStream[]>>();
  readonly #sets = new Map<string, number>();
  readonly #findStream;
  readonly #insertStream;
  readonly #findSet;
  readonly #insertSet;
  readonly #insertSignal;

  constructor(database: Database, names: NameTable) {
    this.#names = names;
    this.#findStream = database.prepare('SELECT id FROM stream WHERE site = ? AND device = ? AND period = ?');
    this.#insertStream = database.prepare('INSERT INTO stream (site, device, period) VALUES (?, ?, ?)');
    this.#findSet = database.prepare('SELECT id FROM signal_set WHERE signals = ?');
    this.#insertSet = database.prepare('INSERT INTO signal_set (signals) VALUES (?)');
    this.#insertSignal = database.prepare('INSERT OR IGNORE INTO stream_signal (stream, signal) VALUES (?, ?)');
  }

  /** Stream and signal set of a sample, made where they are new; within a transaction. */
  resolve(sample: Sample): { readonly stream: Stream; readonly signalSet: number } {
    const stream = this.#streamOf(sample);
    let set = stream.lastSet;
    if (set === undefined || !same(set.names, sample.signals)) {
      set = { id: this.#setOf(sample.signals), names: sample.signals };
      stream.lastSet = set;
      if (!stream.sets.has(set.id)) this.#remember(stream, set);
    }
    return { stream, signalSet: set.id };
  }

  forget(): void {
    this.#streams.clear();
    this.#sets.clear();
  }

  #streamOf({ site, device, periodMs }: Sample): KnownStream {
    let devices = this.#streams.get(site);
    if (devices === undefined) {
      devices = new Map();
      this.#streams.set(site, devices);
    }
    let streams = devices.get(device);
    if (streams === undefined) {
      streams = [];
      devices.set(device, streams);
    }
    // A device has a handful of periods at most.
    for (const stream of streams) if (stream.periodMs === periodMs) return stream;
    const siteId = this.#names.idOf(site);
    const key = [siteId, this.#names.idOf(device), periodMs];
    const row = this.#findStream.get(...key) as { id: number } | undefined;
    const id = row?.id ?? Number(this.#insertStream.run(...key).lastInsertRowid);
    const made: KnownStream = { id, slot: slotOf(siteId), periodMs, sets: new Set(), lastSet: undefined };
    streams.push(made);
    return made;
  }

  #setOf(signals: readonly string[]): number {
    const json = JSON.stringify(signals.map((signal) => this.#names.idOf(signal)));
    const known = this.#sets.get(json);
    if (known !== undefined) return known;
    const row = this.#findSet.get(json) as { id: number } | undefined;
    const id = row?.id ?? Number(this.#insertSet.run(json).lastInsertRowid);
    this.#sets.set(json, id);
    return id;
  }

  #remember(stream: KnownStream, set: SignalSet): void {
    for (const signal of set.names) this.#insertSignal.run(stream.id, this.#names.idOf(signal));
    stream.sets.add(set.id);
  }
}

/** Reads the signals of a set by its number; sets never change. */
export class SignalSets {
  readonly #known = new Map<number, readonly number[]>();
  readonly #find;

  constructor(database: Database) {
    this.#find = database.prepare('SELECT signals FROM signal_set WHERE id = ?');
  }

  readonly signalsOf = (signalSet: number): readonly number[] => {
    const known = this.#known.get(signalSet);
    if (known !== undefined) return known;
    const row = this.#find.get(signalSet) as { signals: string } | undefined;
    const signals = row === undefined ? [] : (JSON.parse(row.signals) as number[]);
    this.#known.set(signalSet, signals);
    return signals;
  };
}
