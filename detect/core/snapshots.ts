/**
 * Snapshots of a site's event time at full hours, thinned with age: where a rewind can begin.
 */
import { fnv1a64 } from '../../contracts/registry/fnv1a64.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import { fromStoredEntry, toStoredEntry, type StoredEntry } from '../findings/stored-entry.ts';
import type { LedgerEntry } from '../findings/ledger.ts';
import type { BaseRef } from './arrival-state.ts';
import { completeEventState, initialEventState, type EventState } from './event-state.ts';
import type { SiteRuntime } from './site-runtime.ts';
import { STATE_FORMAT, expectKnownFormat, type Formatted } from './state-format.ts';
import { STREAM_START, boundaryPlace, comparePlaces, type Place } from './stream-order.ts';

interface SavedBase extends Formatted {
  readonly event: EventState;
  readonly open: readonly StoredEntry[];
}

function spacingMs(ageMs: number): number {
  if (ageMs <= 4 * HOUR_MS) return HOUR_MS;
  return ageMs <= 28 * HOUR_MS ? 4 * HOUR_MS : DAY_MS;
}

/** Which snapshots stay: dense lately, sparse further back, one at or before the horizon. */
function thin(bases: readonly BaseRef[], now: number, horizonMs: number): { kept: BaseRef[]; dropped: BaseRef[] } {
  const kept: BaseRef[] = [];
  const dropped: BaseRef[] = [];
  const horizon = now - horizonMs;
  const reaches = bases.filter((base) => base.cut.at <= horizon).at(-1);
  let last = Number.NEGATIVE_INFINITY;
  for (const base of bases) {
    const isTooOld = base.cut.at < horizon && base !== reaches;
    const isNewest = base === bases.at(-1);
    const isSpaced = base.cut.at - last >= spacingMs(now - base.cut.at);
    if (isTooOld || !(isSpaced || isNewest || base === reaches)) dropped.push(base);
    else {
      kept.push(base);
      last = base.cut.at;
    }
  }
  return { kept, dropped };
}

/** First offset that may hold something that is not read yet. */
function firstUnread(runtime: SiteRuntime): number {
  let first = Math.min(runtime.offset, runtime.pendingOffset);
  for (const { report } of runtime.held) if (report.offset < first) first = report.offset;
  for (const entry of runtime.arrival.quarantine) if (entry.offset < first) first = entry.offset;
  return first;
}

function forgetBefore(runtime: SiteRuntime, offset: number): void {
  const { exceptions } = runtime.arrival;
  for (const key of Object.keys(exceptions)) if (Number(key) < offset) Reflect.deleteProperty(exceptions, key);
}

function setBases(runtime: SiteRuntime, bases: { kept: BaseRef[]; dropped: readonly BaseRef[] }): void {
  runtime.arrival.bases = bases.kept;
  for (const base of bases.dropped) if (base.key !== '') runtime.outputs.snapshots.set(base.key, null);
  const oldest = bases.kept[0];
  if (bases.dropped.length > 0 && oldest !== undefined) forgetBefore(runtime, oldest.offset);
}

/** The empty beginning, which needs no text. */
export function beginBases(runtime: SiteRuntime): void {
  if (runtime.arrival.bases.length === 0) {
    runtime.arrival.bases.push({ cut: STREAM_START, offset: runtime.offset, key: '' });
  }
}

/** At a full hour, once everything before it is read. */
export function takeSnapshot(runtime: SiteRuntime, at: number): void {
  if (at % HOUR_MS !== 0 && runtime.plan.time.hourStart(at) !== at) return;
  const last = runtime.arrival.bases.at(-1);
  if (last !== undefined && last.cut.at >= at) return;
  // Catching up far back, a snapshot every few hours is enough.
  const siteTime = runtime.arrival.siteTime ?? at;
  // While a site is silent nothing is added that a snapshot would save reading again.
  if (at - siteTime > HOUR_MS) return;
  if (last !== undefined && at - last.cut.at < spacingMs(siteTime - at)) return;
  const cut = boundaryPlace(at);
  const open = runtime.ledger.openEntries().map(toStoredEntry);
  const saved: SavedBase = { format: STATE_FORMAT, event: runtime.event, open };
  const text = JSON.stringify(saved);
  // Named by what is in it: one that a rewind puts in the place of another has a name of its own, so that the other stays
  // readable until it is let go; and one that is made again after a crash has the name that it had, however the log is
  // divided then.
  const key = `base/${runtime.id}/${String(at)}/${fnv1a64(text)}`;
  runtime.outputs.snapshots.set(key, text);
  runtime.arrival.bases.push({ cut, offset: firstUnread(runtime), key });
  setBases(runtime, thin(runtime.arrival.bases, siteTime, runtime.patience.horizonMs));
  runtime.ledger.prune(siteTime - runtime.patience.horizonMs - DAY_MS);
}

/** The newest snapshot before a place; undefined beyond the horizon. */
export function baseBefore(runtime: SiteRuntime, place: Place): BaseRef | undefined {
  return runtime.arrival.bases.filter((base) => comparePlaces(base.cut, place) < 0).at(-1);
}

/** Drops every snapshot after the one that is gone back to. */
export function dropAfter(runtime: SiteRuntime, base: BaseRef): void {
  const kept = runtime.arrival.bases.filter((other) => comparePlaces(other.cut, base.cut) <= 0);
  const dropped = runtime.arrival.bases.filter((other) => comparePlaces(other.cut, base.cut) > 0);
  setBases(runtime, { kept, dropped });
}

/**
 * Event time and open findings as they were.
 * @param text undefined for the empty beginning
 * @param key which snapshot it is
 * @throws ConfigError of a newer format
 */
export function readSnapshot(text: string | undefined, key: string): { event: EventState; open: LedgerEntry[] } {
  if (text === undefined) return { event: initialEventState(), open: [] };
  const saved = JSON.parse(text) as SavedBase;
  expectKnownFormat(saved, `the snapshot ${key}`);
  return { event: completeEventState(saved.event), open: saved.open.map(fromStoredEntry) };
}
