/**
 * A report waits for its neighbours: until every living device of the site has spoken for its time, at most for as
 * long as the site's reports of one time were seen to arrive apart.
 */
import { MINUTE_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import { createStream, readReport, type Stream } from './read-report.ts';
import type { ArrivingDevice, Held, SiteRuntime } from './site-runtime.ts';
import { takeSnapshot } from './snapshots.ts';
import { comparePlaces } from './stream-order.ts';
import type { StreamReport } from './stream-report.ts';

/** The site as the reader of the stream sees it; made anew only when a rewind or another registry changed it. */
export function streamOf(runtime: SiteRuntime): Stream {
  const known = runtime.stream;
  const { plan, event, scribe } = runtime;
  if (known !== undefined && known.state === event && known.plan === plan && known.scribe === scribe) return known;
  const stream = createStream({
    plan,
    state: event,
    scribe,
    atBoundary: (at) => {
      takeSnapshot(runtime, at);
    },
  });
  runtime.stream = stream;
  return stream;
}

/** In front of the first held report that comes later. */
export function hold(runtime: SiteRuntime, held: Held): void {
  const list = runtime.held;
  let index = list.length;
  while (index > 0 && comparePlaces((list[index - 1] as Held).place, held.place) > 0) index -= 1;
  if (index === list.length) list.push(held);
  else list.splice(index, 0, held);
}

/** Reads everything held up to event time `until`. */
export function readHeld(runtime: SiteRuntime, until: number): void {
  const stream = streamOf(runtime);
  for (let first = runtime.held[0]; first !== undefined && first.place.at <= until; first = runtime.held[0]) {
    runtime.held.shift();
    // A snapshot taken at a boundary on the way to this report must not count it as read.
    runtime.pendingOffset = first.report.offset;
    readReport(stream, first.report, first.place);
    runtime.pendingOffset = Number.MAX_SAFE_INTEGER;
  }
}

/** A device may be a little ahead of its cadence. */
const CADENCE_SLACK = 0.1;
/** A device that was not heard for this many cadences is not waited for. */
const LIVELY_CADENCES = 2.5;

/** When the device is due next; infinite where it is not waited for. */
function dueNext({ plan, state }: ArrivingDevice, now: number): number {
  if (state.lastEnd === null || state.silentFrom === null) return Number.POSITIVE_INFINITY;
  const { everyMs } = plan.device;
  if (now - state.silentFrom > LIVELY_CADENCES * everyMs) return Number.POSITIVE_INFINITY;
  return state.lastEnd + everyMs * (1 - CADENCE_SLACK);
}

/**
 * Event time before which nothing more can come in order: every device that is alive has spoken for it, or is not due
 * before. What is held up to there is read at once, whatever the patience. Looked for only as far as the first report
 * that is held: where that one has to wait, so have the others.
 */
export function safeTime(runtime: SiteRuntime): number {
  const { held, devices, waitedFor, now } = runtime;
  const first = held[0];
  if (first === undefined) return Number.NEGATIVE_INFINITY;
  if (waitedFor !== undefined && dueNext(waitedFor, now) <= first.place.at) return Number.NEGATIVE_INFINITY;
  let at = Number.POSITIVE_INFINITY;
  for (const device of devices.values()) {
    const next = dueNext(device, now);
    if (next < at) {
      at = next;
      runtime.waitedFor = device;
    }
    if (next <= first.place.at) return Number.NEGATIVE_INFINITY;
  }
  // The bound itself is still open.
  return at - 1;
}

const WIDEST_SPREAD_MS = MINUTE_MS;

/** A fresh report came after others had been read for want of it: from now on this site is waited for longer. */
export function learnSpread(runtime: SiteRuntime, report: StreamReport): void {
  const { arrival } = runtime;
  if (report.resent || arrival.forcedAt === null) return;
  const neededMs = report.received - arrival.forcedAt;
  if (neededMs > WIDEST_SPREAD_MS || neededMs < 0) return;
  arrival.spreadMs = Math.min(WIDEST_SPREAD_MS, Math.max(arrival.spreadMs, neededMs * 1.25 + SECOND_MS));
}

/** How long a report is held at most for others of its site. */
export function holdMs({ arrival, patience }: SiteRuntime): number {
  return Math.max(patience.holdMs, arrival.spreadMs);
}
