/** What is remembered of a site's arrivals: facts in the order of the log, which a rewind does not touch. Plain JSON. */
import type { BackfillState } from '../rules/backfill-run.ts';
import type { Place } from './stream-order.ts';

/** Newest instant of a device by period length, with the signals it was told for. */
export interface Newest {
  ts: number;
  signals: string[];
}

export interface DeviceArrival {
  /** Last event time that was heard, and when; null before the first report. */
  lastEnd: number | null;
  silentFrom: number | null;
  /** By period in ms, as text. */
  newest: Record<string, Newest>;
  /** Recent reports, three numbers each (ts, periodMs, hash): recognises repeats without looking anything up. */
  ring: number[];
  /** Where the next one goes. */
  ringAt: number;
  offline: { readonly start: number; readonly detectedAt: number; readonly neverReported: boolean } | null;
  ahead: ClockRun | null;
  behind: ClockRun | null;
  /** Late reports, and what is usual in time; made with its first report. */
  backfill?: BackfillState;
  /** Fresh reports of the running clock hour: how many, how many late, the late ones' first and last receipt. */
  hour: { start: number; count: number; late: number; first: number; last: number; worstMs: number } | null;
}

export interface ClockRun {
  readonly first: number;
  last: number;
  readonly detectedAt: number;
  count: number;
  worstMs: number;
}

/** A run of rewritten values of one signal. */
export interface RewriteRun {
  readonly start: number;
  end: number;
  readonly detectedAt: number;
  lastReceived: number;
  count: number;
  changes: Record<string, unknown>[];
}

/** What became of a report that was not simply taken in. `signals` = those that were new. */
export type Exception = {
  readonly kind: 'repeat' | 'revision' | 'held' | 'part';
  readonly signals?: readonly string[];
};

export interface LateGathering {
  /** Offsets of reports that only the log can tell repeat, revision or new. */
  offsets: number[];
  /** Something new is certain to be among what is late. */
  hasKnown: boolean;
  since: number;
  from: Place;
  /** Why findings may change. */
  cause: 'late-data' | 'registry' | 'order' | 'mark';
}

export interface BaseRef {
  /** Boundary before which everything is read. */
  readonly cut: Place;
  /** First log offset that may hold something after the cut. */
  readonly offset: number;
  readonly key: string;
}

export interface ArrivalState {
  /** When the first report came: event time and receipt. */
  firstHeard: number | null;
  lastReceived: number | null;
  /** Highest event time that was taken in. */
  siteTime: number | null;
  /** The last new report was fresh: the clock may stand in for event time. */
  isLive: boolean;
  devices: Record<string, DeviceArrival>;
  /** Reports from the future: offset and the event time at which they are taken in. */
  quarantine: {
    readonly offset: number;
    readonly dueAt: number;
    readonly body: string;
    readonly device: string;
    readonly received: number;
  }[];
  /** Log offsets of reports that wait for the next rewind, and where it has to begin. */
  late: LateGathering | null;
  /** By offset. */
  exceptions: Record<string, Exception>;
  /** By device and signal. */
  rewrites: Record<string, RewriteRun>;
  bases: BaseRef[];
  lastAdvance: number | null;
  /** How far apart its devices' reports of one time were seen to arrive, ms. */
  spreadMs: number;
  /** Receipt of the report that was last read because its time to wait was over. */
  forcedAt: number | null;
}

export function initialArrivalState(): ArrivalState {
  return {
    firstHeard: null,
    lastReceived: null,
    siteTime: null,
    isLive: false,
    devices: {},
    quarantine: [],
    late: null,
    exceptions: {},
    rewrites: {},
    bases: [],
    lastAdvance: null,
    spreadMs: 0,
    forcedAt: null,
  };
}

export function deviceArrival(state: ArrivalState, device: string): DeviceArrival {
  return (state.devices[device] ??= {
    lastEnd: null,
    silentFrom: null,
    newest: {},
    ring: [],
    ringAt: 0,
    offline: null,
    ahead: null,
    behind: null,
    hour: null,
  });
}
