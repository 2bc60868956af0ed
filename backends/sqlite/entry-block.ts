/**
 * Log entries packed into one run of bytes: what travels between threads as one buffer and stands in one row of the
 * log. One row for a group costs a quarter of one row for an entry, to write and to read.
 *
 * Layout (little-endian), n entries:
 *
 *     u32 n · u32 bytes of the names · f64 received of the first entry
 *     u32[n] received, as milliseconds after the first · u32[n] length of the body in UTF-16 units
 *     u8[n] length of the site · u8[n] length of the device · u8[n] kind
 *     UTF-8: site and device of every report, run together · UTF-8: the bodies, run together
 *
 * The body of a report is its wire form; of any other entry the JSON of its fields (of a tick, nothing).
 */
import { InvariantError } from '../../contracts/errors.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';

/** The numbers stand in stored rows: only ever append. */
const KINDS = ['report', 'dead', 'tick', 'registry', 'order', 'mark', 'redrive'] as const;
type Kind = (typeof KINDS)[number];
const REPORT = 0;
const KIND_NUMBER = Object.fromEntries(KINDS.map((kind, number) => [kind, number])) as Record<Kind, number>;
/** What a replay needs however old it is: retention leaves it standing. */
const LASTING: ReadonlySet<Kind> = new Set<Kind>(['registry', 'order', 'mark']);

const HEAD_BYTES = 16;
const BYTES_PER_ENTRY = 11;
const MAX_NAME_LENGTH = 255;
const MAX_SPAN_MS = 2 ** 32 - 1;
const MAX_NAMES = 200_000;
const MAX_ENTRIES = 1_000;
const MAX_BODY_LENGTH = 4 * 1_048_576;

/** Body of the first tick after a start. */
const RESTARTED = 'restarted';

/** Packed entries and what the log must know of them without unpacking. */
export interface PackedBlock {
  readonly entries: number;
  readonly lasting: boolean;
  readonly bytes: Uint8Array;
}

function bodyOf(entry: LogEntry): string {
  switch (entry.kind) {
    case 'report':
      return entry.body;
    case 'tick':
      return entry.restarted === true ? RESTARTED : '';
    default:
      return JSON.stringify({ ...entry, kind: undefined, received: undefined });
  }
}

function nameLength(name: string): number {
  if (name.length > MAX_NAME_LENGTH) {
    throw new InvariantError(`A report came to the log under a name of ${name.length} characters; ids have at most 63`);
  }
  return name.length;
}

function namesOf(entries: readonly LogEntry[]): string {
  let names = '';
  for (const entry of entries) if (entry.kind === 'report') names += entry.site + entry.device;
  return names;
}

interface Plan {
  readonly entries: readonly LogEntry[];
  readonly bodies: readonly string[];
  readonly received: readonly number[];
}

function pack({ entries, bodies, received }: Plan): PackedBlock {
  const n = entries.length;
  const base = received[0] ?? 0;
  const names = namesOf(entries);
  const text = bodies.join('');
  const namesAt = HEAD_BYTES + n * BYTES_PER_ENTRY;
  const namesBytes = Buffer.byteLength(names, 'utf8');
  // Not from the shared pool: these bytes are handed over to another thread.
  const bytes = Buffer.allocUnsafeSlow(namesAt + namesBytes + Buffer.byteLength(text, 'utf8'));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < n; i += 1) {
    const entry = entries[i] as LogEntry;
    const report = entry.kind === 'report';
    const lengths = HEAD_BYTES + 8 * n + i;
    view.setUint32(HEAD_BYTES + 4 * i, (received[i] ?? 0) - base, true);
    view.setUint32(HEAD_BYTES + 4 * (n + i), (bodies[i] ?? '').length, true);
    view.setUint8(lengths, report ? nameLength(entry.site) : 0);
    view.setUint8(lengths + n, report ? nameLength(entry.device) : 0);
    view.setUint8(lengths + 2 * n, KIND_NUMBER[entry.kind]);
  }
  view.setUint32(0, n, true);
  view.setUint32(4, namesBytes, true);
  view.setFloat64(8, base, true);
  bytes.write(names, namesAt, 'utf8');
  bytes.write(text, namesAt + namesBytes, 'utf8');
  return { entries: n, lasting: LASTING.has(entries[0]?.kind ?? 'tick'), bytes };
}

/**
 * Packs entries into blocks, in order. A block holds either only lasting entries or none, so that retention can
 * remove whole rows; and at most 1,000 entries or about 4 MiB.
 */
export function packEntries(entries: readonly LogEntry[]): PackedBlock[] {
  const blocks: PackedBlock[] = [];
  let plan: { entries: LogEntry[]; bodies: string[]; received: number[] } = { entries: [], bodies: [], received: [] };
  let size = 0;
  let lasting = false;
  // `received` never falls within what is packed together; against the entries before, the log itself sees to it.
  let last = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    const body = bodyOf(entry);
    last = Math.max(last, Math.floor(entry.received));
    const first = plan.received[0] ?? last;
    const full =
      plan.entries.length >= MAX_ENTRIES || size + body.length > MAX_BODY_LENGTH || last - first > MAX_SPAN_MS;
    if (plan.entries.length > 0 && (full || LASTING.has(entry.kind) !== lasting)) {
      blocks.push(pack(plan));
      plan = { entries: [], bodies: [], received: [] };
      size = 0;
    }
    lasting = LASTING.has(entry.kind);
    plan.entries.push(entry);
    plan.bodies.push(body);
    plan.received.push(last);
    size += body.length;
  }
  if (plan.entries.length > 0) blocks.push(pack(plan));
  return blocks;
}

/**
 * Keeps each name once. A slice of a long string keeps the whole of that string alive, and names outlive the blocks
 * that they were read from.
 */
export class NameCache {
  readonly #names = new Map<string, string>();

  get(slice: string): string {
    const known = this.#names.get(slice);
    if (known !== undefined) return known;
    if (this.#names.size >= MAX_NAMES) this.#names.clear();
    const copy = Buffer.from(slice, 'utf8').toString('utf8');
    this.#names.set(copy, copy);
    return copy;
  }
}

/** A packed block, read entry by entry. */
export class EntryBlock {
  readonly entries: number;
  readonly first: number;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #cache: NameCache;
  #names: string | undefined;
  #bodies: string | undefined;
  #starts: { readonly names: Uint32Array; readonly bodies: Uint32Array } | undefined;

  /** @param first offset of the first entry */
  constructor(bytes: Uint8Array, first: number, cache: NameCache) {
    this.#cache = cache;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.entries = this.#view.getUint32(0, true);
    this.first = first;
  }

  received(i: number): number {
    return this.#view.getFloat64(8, true) + this.#view.getUint32(HEAD_BYTES + 4 * i, true);
  }

  /**
   * Lifts every `received` below `floor` up to it, in place.
   * @returns the last one
   */
  raiseReceived(floor: number): number {
    const last = this.received(this.entries - 1);
    if (this.received(0) >= floor) return last;
    const raised = Array.from({ length: this.entries }, (_, i) => Math.max(floor, this.received(i)));
    this.#view.setFloat64(8, floor, true);
    raised.forEach((at, i) => {
      this.#view.setUint32(HEAD_BYTES + 4 * i, at - floor, true);
    });
    return Math.max(floor, last);
  }

  /** What is in it stays, however old: a block holds only such entries, or none. */
  get lasting(): boolean {
    return LASTING.has(KINDS[this.#kind(0)] ?? 'tick');
  }

  /** The site of a report; `undefined` for any other entry. */
  site(i: number): string | undefined {
    if (this.#kind(i) !== REPORT) return undefined;
    const start = this.#textStarts().names[i] ?? 0;
    return this.#cache.get(this.#nameText().slice(start, start + this.#siteLength(i)));
  }

  record(i: number): LogRecord {
    const starts = this.#textStarts();
    const bodyStart = starts.bodies[i] ?? 0;
    const body = this.#bodyText().slice(bodyStart, starts.bodies[i + 1]);
    const offset = this.first + i;
    const received = this.received(i);
    if (this.#kind(i) === REPORT) {
      const siteStart = starts.names[i] ?? 0;
      const deviceStart = siteStart + this.#siteLength(i);
      const site = this.#cache.get(this.#nameText().slice(siteStart, deviceStart));
      const device = this.#cache.get(this.#nameText().slice(deviceStart, starts.names[i + 1]));
      return { offset, received, kind: 'report', site, device, body };
    }
    const kind = KINDS[this.#kind(i)];
    if (kind === undefined) throw new InvariantError(`The log entry at offset ${offset} is of an unknown kind`);
    if (kind === 'tick')
      return body === RESTARTED ? { offset, received, kind, restarted: true } : { offset, received, kind };
    return { offset, received, kind, ...(JSON.parse(body) as object) } as LogRecord;
  }

  #kind(i: number): number {
    return this.#view.getUint8(HEAD_BYTES + 10 * this.entries + i);
  }

  #siteLength(i: number): number {
    return this.#view.getUint8(HEAD_BYTES + 8 * this.entries + i);
  }

  #textStarts(): { readonly names: Uint32Array; readonly bodies: Uint32Array } {
    if (this.#starts !== undefined) return this.#starts;
    const n = this.entries;
    const starts = { names: new Uint32Array(n + 1), bodies: new Uint32Array(n + 1) };
    for (let i = 0; i < n; i += 1) {
      const name = this.#siteLength(i) + this.#view.getUint8(HEAD_BYTES + 9 * n + i);
      starts.names[i + 1] = (starts.names[i] ?? 0) + name;
      starts.bodies[i + 1] = (starts.bodies[i] ?? 0) + this.#view.getUint32(HEAD_BYTES + 4 * (n + i), true);
    }
    this.#starts = starts;
    return starts;
  }

  #nameText(): string {
    const start = HEAD_BYTES + BYTES_PER_ENTRY * this.entries;
    this.#names ??= this.#bytes.toString('utf8', start, start + this.#view.getUint32(4, true));
    return this.#names;
  }

  #bodyText(): string {
    if (this.#bodies !== undefined) return this.#bodies;
    const start = HEAD_BYTES + BYTES_PER_ENTRY * this.entries + this.#view.getUint32(4, true);
    const length = this.#textStarts().bodies[this.entries] ?? 0;
    const ascii = this.#bytes.length - start === length;
    // As many bytes as characters means ASCII, which is read several times faster.
    this.#bodies = this.#bytes.toString(ascii ? 'latin1' : 'utf8', start);
    return this.#bodies;
  }
}
