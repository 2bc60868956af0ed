/** One site in the detector: its plan, its state, what it holds back, and where it writes. */
import { FINAL_AFTER_MS } from '../../contracts/mean.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { createLedger, type Ledger } from '../findings/ledger.ts';
import { fromStoredEntry, toStoredEntry, type StoredEntry } from '../findings/stored-entry.ts';
import { deviceArrival, initialArrivalState, type ArrivalState, type DeviceArrival } from './arrival-state.ts';
import { completeEventState, initialEventState, type EventState } from './event-state.ts';
import type { Outputs } from './outputs.ts';
import type { Stream } from './read-report.ts';
import { createScribe, type Scribe } from './scribe.ts';
import type { DevicePlan, SitePlan } from './site-plan.ts';
import { STATE_FORMAT, expectKnownFormat, type Formatted } from './state-format.ts';
import type { StreamReport } from './stream-report.ts';
import type { Place } from './stream-order.ts';

/** How patient the detector is. */
export interface Patience {
  /** Event time that a report may be behind its site without a rewind, ms. */
  readonly disorderMs: number;
  /** Receive time after which a held report is read whatever else may come, ms. */
  readonly holdMs: number;
  /** Receive time over which late reports are gathered before the site is rewound, ms. */
  readonly gatherMs: number;
  /** How far back a rewind may reach, ms. */
  readonly horizonMs: number;
}

export const PATIENCE: Patience = { disorderMs: 60_000, holdMs: 3_000, gatherMs: 3_000, horizonMs: 7 * 86_400_000 };

export interface Held {
  readonly report: StreamReport;
  readonly place: Place;
}

/** A device of the plan with what is remembered of its arrivals. */
export interface ArrivingDevice {
  readonly plan: DevicePlan;
  readonly state: DeviceArrival;
}

export interface SiteRuntime {
  readonly id: string;
  plan: SitePlan;
  registry: Registry;
  readonly patience: Patience;
  readonly outputs: Outputs;
  arrival: ArrivalState;
  event: EventState;
  /** Every device of the plan, by id: found once, not with each report. */
  devices: ReadonlyMap<string, ArrivingDevice>;
  /** The device that was waited for last: most likely it is waited for still. */
  waitedFor: ArrivingDevice | undefined;
  /** In stream order. */
  held: Held[];
  readonly ledger: Ledger;
  scribe: Scribe;
  arrivalScribe: Scribe;
  /** Offset of the record being taken in. */
  offset: number;
  /** The clock: the latest receipt that was seen. */
  now: number;
  isRerun: boolean;
  /** When it wants to be woken, as it was last worked out. */
  wakeAt: number | undefined;
  /** No device falls due before; undefined = to be worked out. */
  devicesDue: number | undefined;
  /** What `streamOf` made last. */
  stream: Stream | undefined;
  /** Smallest offsets of what is still to be read in a second run, by position. */
  pendingOffset: number;
}

function bindDevices(runtime: SiteRuntime): void {
  const devices = new Map<string, ArrivingDevice>();
  for (const [id, plan] of runtime.plan.devices) devices.set(id, { plan, state: deviceArrival(runtime.arrival, id) });
  runtime.devices = devices;
  runtime.waitedFor = undefined;
}

function bindScribes(runtime: SiteRuntime): void {
  const { site, time } = runtime.plan;
  runtime.scribe = createScribe(site, time, {
    emit: (draft) => {
      runtime.ledger.emit(draft, runtime.event.place, false);
    },
    mean: (period, verdict, limit) => {
      const isFinal = runtime.now >= period.end + FINAL_AFTER_MS;
      runtime.outputs.means.push({ site: site.id, period, verdict, limit, again: runtime.isRerun, isFinal });
    },
  });
  runtime.arrivalScribe = createScribe(site, time, {
    emit: (draft) => {
      runtime.ledger.emit(draft, runtime.event.place, true);
    },
    mean: () => undefined,
  });
}

export function createRuntime(at: {
  plan: SitePlan;
  registry: Registry;
  patience: Patience;
  outputs: Outputs;
}): SiteRuntime {
  const { site } = at.plan;
  const scribe = createScribe(site, at.plan.time, { emit: () => undefined, mean: () => undefined });
  const runtime: SiteRuntime = {
    id: site.id,
    ...at,
    arrival: initialArrivalState(),
    event: initialEventState(),
    devices: new Map(),
    waitedFor: undefined,
    held: [],
    ledger: createLedger(site.id, (entry) => {
      at.outputs.findings.push({ site: site.id, district: runtime.plan.site.district, entry });
    }),
    scribe,
    arrivalScribe: scribe,
    offset: 0,
    now: 0,
    isRerun: false,
    wakeAt: undefined,
    devicesDue: undefined,
    stream: undefined,
    pendingOffset: Number.MAX_SAFE_INTEGER,
  };
  bindDevices(runtime);
  bindScribes(runtime);
  return runtime;
}

/** Another registry version, order or mark changed what holds for the site. */
export function replan(runtime: SiteRuntime, plan: SitePlan, registry: Registry): void {
  runtime.plan = plan;
  // Another limit may bring finer boundaries.
  runtime.event.nextBoundary = null;
  runtime.devicesDue = undefined;
  runtime.registry = registry;
  bindDevices(runtime);
  bindScribes(runtime);
}

/** The whole state as text. */
export function saveRuntime(runtime: SiteRuntime): string {
  return JSON.stringify({
    format: STATE_FORMAT,
    arrival: runtime.arrival,
    event: runtime.event,
    held: runtime.held,
    ledger: runtime.ledger.entries().map(toStoredEntry),
    now: runtime.now,
  } satisfies SavedRuntime);
}

interface SavedRuntime extends Formatted {
  readonly arrival: ArrivalState;
  readonly event: EventState;
  readonly held: Held[];
  readonly ledger: readonly StoredEntry[];
  readonly now: number;
}

/**
 * Puts back what {@link saveRuntime} saved.
 * @throws ConfigError of a newer format
 */
export function loadRuntime(runtime: SiteRuntime, text: string): void {
  const saved = JSON.parse(text) as SavedRuntime;
  expectKnownFormat(saved, `the state of site ${runtime.id}`);
  runtime.arrival = saved.arrival;
  runtime.event = completeEventState(saved.event);
  runtime.held = saved.held;
  runtime.now = saved.now;
  bindDevices(runtime);
  runtime.devicesDue = undefined;
  runtime.ledger.restore(saved.ledger.map(fromStoredEntry));
}
