/**
 * The detector: records of the log in, findings, means and rows out. Pure: its only clock is the receive time in the
 * records, so the same log gives the same bytes.
 *
 * Before each record ask {@link Engine.due} until it says undefined: what fell due in between is done then, and where
 * a site has to be rewound the caller brings its snapshot and its reports.
 */
import { readReport } from '../../contracts/check-report.ts';
import { InvariantError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import { readRegistryOnce } from '../../contracts/registry/read-registry-once.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import { createState, siteRuntime, touch, type EngineState } from './engine-state.ts';
import { forgoRewind, oldestBase } from './forgo-rewind.ts';
import { count, drain, type Outputs } from './outputs.ts';
import type { Entered } from './registry-changes.ts';
import { requestRewind, rewind, type RewindRequest } from './rewind.ts';
import { admit } from './site-arrivals.ts';
import { nextWake, takeQuarantined, wake } from './site-wake.ts';
import { readHeld } from './waiting.ts';
import { loadRuntime, PATIENCE, saveRuntime, type Patience, type SiteRuntime } from './site-runtime.ts';
import { STATE_FORMAT, expectKnownFormat, type Formatted } from './state-format.ts';
import { toStreamReport } from './stream-report.ts';
import { putDeadLetter, replanAll, takeRecord } from './take-record.ts';

export interface Engine {
  /** Does what fell due before `now`; a request has to be answered with `rewind` before asking again. */
  due(now: number): RewindRequest | undefined;
  /** The same for the site of a report that is taken next, whatever other sites wait for; see `runner/by-site.ts`. */
  dueBefore(record: LogRecord & { readonly kind: 'report' }): RewindRequest | undefined;
  /** The log is read up to here. */
  passTo(offset: number): void;
  rewind(request: RewindRequest, snapshot: string | undefined, records: readonly LogRecord[]): void;
  /** The other answer, where the log is no longer kept from the request's base on: the late reports from here on. */
  forgo(request: RewindRequest, records: readonly LogRecord[]): void;
  /** First offset that a rewind of a site may read again that was heard since then. */
  oldestBase(heardSince: number): number;
  /** The next record. `checked`: the report already decoded, where the caller has it. */
  take(record: LogRecord, checked?: CheckedReport): void;
  /** At the end of a replay: everything held is read; then ask `dueNow` for the rewinds that are left. */
  finish(): void;
  dueNow(): RewindRequest | undefined;
  /** Hands over what was made since the last call. */
  collect(): Outputs;
  /** When something will fall due without a record. */
  nextAt(): number | undefined;
  readonly clock: () => number;
  registry(): Registry | undefined;
  /** Sites whose state changed since they were last saved, with the offset from which they have to be read again. */
  dirty(): ReadonlyMap<string, number>;
  save(site: string): string;
  saveShared(): string;
  /** @param files of the registry that `shared` names, where it does not hold them: see {@link registryDigestOf} */
  load(shared: string, sites: readonly SavedSite[], files?: readonly RegistryText[]): void;
}

export interface SavedSite {
  readonly site: string;
  readonly text: string;
}

/** Quarantined reports whose time has come are taken in, marked. */
function release(state: EngineState, runtime: SiteRuntime, due: number): void {
  for (const entry of takeQuarantined(runtime, due)) {
    const result = readReport(entry.body, runtime.id, entry.device, runtime.registry);
    count(state.outputs, 'quarantined', -1);
    if (!result.ok) {
      // The registry changed meanwhile: it stays a dead letter, for the new reason.
      putDeadLetter(state, { ...entry, site: runtime.id, kind: 'report' }, result.error);
      runtime.arrival.exceptions[String(entry.offset)] = { kind: 'repeat' };
      continue;
    }
    Reflect.deleteProperty(runtime.arrival.exceptions, String(entry.offset));
    state.outputs.deadLetters.push({
      id: `dl-${String(entry.offset)}`,
      received: entry.received,
      reason: 'clock-future',
      detail: 'its time had not come when it was received; it was taken in when it had, marked clock-suspect',
      topic: `stackwarden/v1/${runtime.id}/${entry.device}/report`,
      payload: entry.body,
      encoding: 'utf8',
      state: 'taken-in',
    });
    const offset = runtime.offset;
    runtime.offset = entry.offset;
    admit(runtime, toStreamReport(result.value, entry.offset, due));
    runtime.offset = offset;
  }
}

/** Wakes the site for `at`; a request has to be answered before anything else of the site is done. */
function wakeSite(state: EngineState, runtime: SiteRuntime, at: number): RewindRequest | undefined {
  runtime.now = Math.max(runtime.now, at);
  runtime.offset = Math.max(runtime.offset, state.offset);
  release(state, runtime, at);
  wake(runtime, at);
  const { late } = runtime.arrival;
  const request = late !== null && late.since + state.patience.gatherMs <= at ? requestRewind(runtime) : undefined;
  if (request === undefined) touch(state, runtime);
  return request;
}

function dueBefore(state: EngineState, record: LogRecord & { readonly kind: 'report' }): RewindRequest | undefined {
  const runtime = state.sites.get(record.site);
  if (runtime === undefined) return undefined;
  state.offset = record.offset;
  while (runtime.wakeAt !== undefined && runtime.wakeAt < record.received) {
    // Another plan may have put it off.
    const at = (runtime.wakeAt = nextWake(runtime));
    if (at === undefined || at >= record.received) break;
    const request = wakeSite(state, runtime, at);
    if (request !== undefined) return request;
  }
  return undefined;
}

function due(state: EngineState, now: number): RewindRequest | undefined {
  for (let id = state.timers.takeDue(now); id !== undefined; id = state.timers.takeDue(now)) {
    const runtime = state.sites.get(id);
    const at = runtime === undefined ? undefined : nextWake(runtime);
    if (runtime === undefined || at === undefined) continue;
    if (at >= now) {
      state.timers.set(id, at);
      continue;
    }
    const request = wakeSite(state, runtime, at);
    if (request !== undefined) return request;
  }
  return undefined;
}

interface SavedShared extends Formatted {
  /** Empty where the files are kept elsewhere. */
  readonly registryFiles: EngineState['registryFiles'];
  readonly registryDigest?: string;
  readonly entered: Entered;
  readonly clock: number;
}

/** Name of the registry that a saved state needs beside it; undefined where it holds the files itself. */
export function registryDigestOf(shared: string): string | undefined {
  return (JSON.parse(shared) as SavedShared).registryDigest;
}

function load(
  state: EngineState,
  saved: SavedShared,
  sites: readonly SavedSite[],
  files: readonly RegistryText[] | undefined,
): void {
  expectKnownFormat(saved, 'what the sites share');
  state.clock = saved.clock;
  state.entered = saved.entered;
  state.registryFiles = files ?? saved.registryFiles;
  state.registryDigest = saved.registryDigest;
  state.registry = state.registryFiles.length === 0 ? undefined : readRegistryOnce(state.registryFiles).registry;
  replanAll(state, 'registry', () => undefined);
  for (const { site, text } of sites) {
    const runtime = siteRuntime(state, site);
    if (runtime === undefined) continue;
    loadRuntime(runtime, text);
    runtime.wakeAt = nextWake(runtime);
    if (runtime.wakeAt !== undefined) state.timers.set(site, runtime.wakeAt);
  }
}

function sharedOf({ registryFiles, registryDigest, entered, clock }: EngineState): SavedShared {
  const registry = registryDigest === undefined ? { registryFiles } : { registryFiles: [], registryDigest };
  return { format: STATE_FORMAT, ...registry, entered, clock };
}

/** Everything held is read and every rewind is due, as if no more were to come. */
function finish(state: EngineState): void {
  for (const runtime of state.sites.values()) {
    readHeld(runtime, Number.POSITIVE_INFINITY);
    touch(state, runtime);
  }
}

function firstRewind(state: EngineState): RewindRequest | undefined {
  for (const runtime of state.sites.values()) {
    const request = requestRewind(runtime);
    if (request !== undefined) return request;
  }
  return undefined;
}

function knownSite(state: EngineState, site: string): SiteRuntime {
  const runtime = state.sites.get(site);
  if (runtime === undefined) throw new InvariantError(`a rewind of site ${site}, which is not known`);
  return runtime;
}

function forgo(state: EngineState, site: string, records: readonly LogRecord[]): void {
  const runtime = knownSite(state, site);
  forgoRewind(runtime, records);
  touch(state, runtime);
}

export interface EngineOptions {
  readonly patience?: Patience;
  /** Whether rows of the reports are gathered; a replay needs none. */
  readonly wantsSamples?: boolean;
}

export function createEngine(options: EngineOptions = {}): Engine {
  const state = createState(options.patience ?? PATIENCE, options.wantsSamples ?? true);
  return {
    due: (now) => due(state, now),
    dueBefore: (record) => dueBefore(state, record),
    passTo(offset) {
      state.offset = Math.max(state.offset, offset);
    },
    rewind: (request, snapshot, records) => {
      const runtime = knownSite(state, request.site);
      rewind(runtime, request, snapshot, records);
      touch(state, runtime);
    },
    forgo: ({ site }, records) => {
      forgo(state, site, records);
    },
    oldestBase: (heardSince) => oldestBase(state.sites.values(), heardSince),
    take(record, checked) {
      state.offset = record.offset;
      if (record.received > state.clock) state.clock = record.received;
      takeRecord(state, record, checked);
      state.offset = record.offset + 1;
    },
    finish: () => {
      finish(state);
    },
    dueNow: () => firstRewind(state),
    collect: () => drain(state.outputs),
    nextAt: () => state.timers.nextAt(),
    clock: () => state.clock,
    registry: () => state.registry,
    dirty: () => state.dirty,
    save(site) {
      const runtime = state.sites.get(site);
      if (runtime === undefined) throw new InvariantError(`site ${site} was to be saved and is not known`);
      state.dirty.delete(site);
      return saveRuntime(runtime);
    },
    saveShared: () => JSON.stringify(sharedOf(state)),
    load: (shared, sites, files) => {
      load(state, JSON.parse(shared) as SavedShared, sites, files);
    },
  };
}
