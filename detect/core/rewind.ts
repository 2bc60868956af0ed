/**
 * Late data: the site goes back to its last snapshot before it, reads its reports again in stream order, and the
 * difference in findings and means is published.
 */
import { readReport as decodeReport } from '../../contracts/check-report.ts';
import type { LogRecord, ReportRecord } from '../../contracts/log-record.ts';
import type { CheckedReport, Reading } from '../../contracts/report-reading.ts';
import type { BaseRef, Exception } from './arrival-state.ts';
import { noteFills, type FilledReport } from './backfills.ts';
import { isSameReading } from './identity.ts';
import { count } from './outputs.ts';
import { passTime, readReport } from './read-report.ts';
import { noteRewrites, type RewrittenValue } from './rewrites.ts';
import { keepSample } from './site-arrivals.ts';
import { streamOf } from './waiting.ts';
import type { Held, SiteRuntime } from './site-runtime.ts';
import { baseBefore, dropAfter, readSnapshot } from './snapshots.ts';
import { toStreamReport } from './stream-report.ts';
import { BOUNDARY_CLASS, comparePlaces, reportPlace, type Place } from './stream-order.ts';

/** What a rewind needs from outside: a snapshot's text and the site's reports from the base's offset on. */
export interface RewindRequest {
  readonly site: string;
  readonly base: BaseRef;
}

/** Where the site has to go back to; undefined when nothing is late. */
export function requestRewind(runtime: SiteRuntime): RewindRequest | undefined {
  const { late } = runtime.arrival;
  if (late === null) return undefined;
  const base = baseBefore(runtime, late.from) ?? runtime.arrival.bases[0];
  return base === undefined ? undefined : { site: runtime.id, base };
}

interface Decoded {
  readonly report: CheckedReport;
  readonly offset: number;
  readonly received: number;
}

interface Known {
  readonly reading: Reading;
  later?: Reading;
  revisions: number;
}

type Identities = Map<string, Map<string, Known>>;

function identityOf(report: CheckedReport): string {
  return `${report.device}|${String(report.ts)}|${String(report.periodMs)}`;
}

function decodeAll(runtime: SiteRuntime, records: readonly LogRecord[]): Decoded[] {
  const decoded: Decoded[] = [];
  for (const record of records) {
    if (record.kind !== 'report') continue;
    const exception = runtime.arrival.exceptions[String(record.offset)];
    if (exception?.kind === 'repeat' || exception?.kind === 'held') continue;
    const result = decodeReport((record satisfies ReportRecord).body, record.site, record.device, runtime.registry);
    if (result.ok) decoded.push({ report: result.value, offset: record.offset, received: record.received });
  }
  return decoded;
}

/** The same change sent once more is a repeat of it. */
function isSameAsLater({ later }: Known, reading: Reading): boolean {
  return later !== undefined && isSameReading(later, reading);
}

/** Adds the readings of one report to what is known; says which were new and which differ. */
function settle(
  identities: Identities,
  entry: Decoded,
): { fresh: string[]; differing: { known: Known; reading: Reading }[] } {
  const key = identityOf(entry.report);
  let known = identities.get(key);
  if (known === undefined) {
    known = new Map();
    identities.set(key, known);
  }
  const fresh: string[] = [];
  const differing: { known: Known; reading: Reading }[] = [];
  for (const reading of entry.report.readings) {
    const before = known.get(reading.signal);
    if (before === undefined) {
      known.set(reading.signal, { reading, revisions: 0 });
      fresh.push(reading.signal);
    } else if (!isSameReading(before.reading, reading) && !isSameAsLater(before, reading)) {
      differing.push({ known: before, reading });
    }
  }
  return { fresh, differing };
}

interface Resolution {
  readonly identities: Identities;
  readonly rewritten: RewrittenValue[];
  readonly filled: FilledReport[];
  changed: boolean;
}

/** Decides what an unclear report was, now that the log is at hand. */
function resolveUnclear(runtime: SiteRuntime, entry: Decoded, resolution: Resolution): void {
  const { outputs, arrival } = runtime;
  const { fresh, differing } = settle(resolution.identities, entry);
  const set = (exception: Exception): void => {
    arrival.exceptions[String(entry.offset)] = exception;
  };
  count(outputs, 'unclear', -1);
  if (fresh.length === 0 && differing.length === 0) {
    count(outputs, 'repeats');
    set({ kind: 'repeat' });
    return;
  }
  count(outputs, 'stored');
  resolution.changed = true;
  if (fresh.length > 0) {
    keepSample(runtime, { ...entry.report, received: entry.received }, { revision: 0, signals: fresh });
    const readings = entry.report.readings.filter(({ signal }) => fresh.includes(signal));
    resolution.filled.push({ report: entry.report, received: entry.received, readings });
  }
  if (differing.length === 0) {
    if (fresh.length < entry.report.readings.length) set({ kind: 'part', signals: fresh });
    return;
  }
  set(fresh.length === 0 ? { kind: 'revision' } : { kind: 'part', signals: fresh });
  count(outputs, 'revisions');
  let revision = 1;
  for (const { known, reading } of differing) {
    known.revisions += 1;
    known.later = reading;
    revision = Math.max(revision, known.revisions);
    resolution.rewritten.push({ report: entry.report, received: entry.received, first: known.reading, later: reading });
  }
  const signals = differing.map(({ reading }) => reading.signal);
  keepSample(runtime, { ...entry.report, received: entry.received }, { revision, signals });
}

/** Known reports build the picture; unclear ones are decided against it, all in the order of the log. */
function resolve(runtime: SiteRuntime, decoded: readonly Decoded[]): Resolution {
  const unclear = new Set(runtime.arrival.late?.offsets ?? []);
  const resolution: Resolution = { identities: new Map(), rewritten: [], filled: [], changed: false };
  for (const entry of decoded) {
    if (unclear.has(entry.offset)) {
      resolveUnclear(runtime, entry, resolution);
      continue;
    }
    const exception = runtime.arrival.exceptions[String(entry.offset)];
    const { differing } = settle(resolution.identities, entry);
    if (exception === undefined) continue;
    for (const { known, reading } of differing) {
      known.revisions += 1;
      known.later = reading;
    }
  }
  return resolution;
}

/** Values that were sent later for readings of this report. */
function laterValues(
  readings: readonly Reading[],
  known: ReadonlyMap<string, Known> | undefined,
): Record<string, number> | undefined {
  let later: Record<string, number> | undefined;
  for (const { signal } of readings) {
    const value = known?.get(signal)?.later?.value;
    if (typeof value === 'number' && !Number.isNaN(value)) (later ??= {})[signal] = value;
  }
  return later;
}

function acceptedReadings(report: CheckedReport, exception: Exception | undefined): readonly Reading[] {
  const signals = exception?.signals;
  return signals === undefined
    ? report.readings
    : report.readings.filter((reading) => signals.includes(reading.signal));
}

/** What is read again: the first value of everything, with later ones beside it. */
function toStream(runtime: SiteRuntime, decoded: readonly Decoded[], identities: Identities): Held[] {
  const stream: Held[] = [];
  for (const { report, offset, received } of decoded) {
    const exception = runtime.arrival.exceptions[String(offset)];
    const device = runtime.plan.devices.get(report.device);
    if (device === undefined || exception?.kind === 'repeat' || exception?.kind === 'revision') continue;
    const readings = acceptedReadings(report, exception);
    const later = laterValues(readings, identities.get(identityOf(report)));
    const again = toStreamReport({ ...report, readings }, offset, received);
    stream.push({
      report: later === undefined ? again : { ...again, later },
      place: reportPlace(report, device.tails),
    });
  }
  return stream.sort((a, b) => comparePlaces(a.place, b.place) || a.report.offset - b.report.offset);
}

/** Smallest offset from each position on: what a snapshot taken there has not read yet. */
function unreadOffsets(stream: readonly Held[]): number[] {
  const unread = new Array<number>(stream.length + 1).fill(Number.MAX_SAFE_INTEGER);
  for (let i = stream.length - 1; i >= 0; i -= 1)
    unread[i] = Math.min(unread[i + 1] as number, (stream[i] as Held).report.offset);
  return unread;
}

/** Reads again everything after the base up to where the site had come; the rest is held as before. */
function readAgain(runtime: SiteRuntime, stream: readonly Held[], base: BaseRef, until: Place): void {
  const unread = unreadOffsets(stream);
  const context = streamOf(runtime);
  runtime.held = [];
  let position = 0;
  for (const { report, place } of stream) {
    if (comparePlaces(place, until) > 0) break;
    if (comparePlaces(place, base.cut) > 0) {
      runtime.pendingOffset = unread[position] as number;
      readReport(context, report, place);
    }
    position += 1;
  }
  runtime.pendingOffset = unread[position] as number;
  if (until.class === BOUNDARY_CLASS) passTime(context, until.at);
  runtime.pendingOffset = Number.MAX_SAFE_INTEGER;
  runtime.held = stream.slice(position);
}

/**
 * Runs the site again.
 * @param snapshot text of the base's snapshot; undefined for the empty beginning
 * @param records the site's report records from `request.base.offset` on
 */
export function rewind(
  runtime: SiteRuntime,
  request: RewindRequest,
  snapshot: string | undefined,
  records: readonly LogRecord[],
): void {
  const { base } = request;
  const { late } = runtime.arrival;
  const decoded = decodeAll(runtime, records);
  const resolution = resolve(runtime, decoded);
  runtime.arrival.late = null;
  noteRewrites(runtime, resolution.rewritten);
  if (late?.hasKnown !== true && !resolution.changed) return;
  count(runtime.outputs, 'rewinds');
  const stream = toStream(runtime, decoded, resolution.identities);
  const until = runtime.event.place;
  const restored = readSnapshot(snapshot, base.key);
  dropAfter(runtime, base);
  runtime.ledger.beginRerun(restored.open);
  runtime.isRerun = true;
  runtime.event = restored.event;
  readAgain(runtime, stream, base, until);
  runtime.isRerun = false;
  runtime.ledger.endRerun(base.cut, late?.cause ?? 'late-data');
  // Now the ledger knows of the exceedances that what was filled in made.
  noteFills(runtime, resolution.filled);
}
