/**
 * Covered time of one device: which spans its reports speak for, and which are known to be a gap.
 *
 * Consecutive instants at most 1.5 × cadence apart cover the time between them with the earlier value; a period
 * report covers its period; the rest is unknown (contract 5).
 */
import type { Reading } from '../../contracts/report-reading.ts';

/** What a device said last, and how far its time is decided. Part of snapshots. */
export interface Track {
  /** Last instant, whose value holds until the next one; null after a period or at first. */
  lastTs: number | null;
  lastReadings: readonly Reading[];
  /** Everything before is either covered or a gap. */
  decidedTo: number | null;
  /** Longest period reported lately: how far back a report to come may reach. */
  periodMs: number;
}

/** A span [start, end) that one report speaks for. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly readings: readonly Reading[];
}

export function initialTrack(): Track {
  return { lastTs: null, lastReadings: [], decidedTo: null, periodMs: 0 };
}

/**
 * How far back of `now` a report that is still to come may speak: a period its length; an instant only back to the
 * last one, and not at all once that is too far away.
 */
export function reachMs(track: Track, everyMs: number, now: number): number {
  const gapMs = 1.5 * everyMs;
  if (track.lastTs !== null) return now - track.lastTs <= gapMs ? gapMs : 0;
  return track.periodMs > 0 ? track.periodMs : gapMs;
}

/**
 * Takes in the next report of the device in stream order.
 * @returns the span that became covered by it; `undefined` where none did
 */
export function cover(
  track: Track,
  everyMs: number,
  report: {
    readonly ts: number;
    readonly periodMs: number;
    readonly endAt: number;
    readonly readings: readonly Reading[];
  },
): Segment | undefined {
  return report.periodMs === 0 ? coverInstant(track, everyMs, report) : coverPeriod(track, report);
}

function coverInstant(
  track: Track,
  everyMs: number,
  report: { readonly ts: number; readonly readings: readonly Reading[] },
): Segment | undefined {
  const before = track.lastTs;
  const readings = track.lastReadings;
  if (before !== null && report.ts === before) {
    // A second message of the same instant: its signals join the first.
    track.lastReadings = [...readings, ...report.readings];
    return undefined;
  }
  if (track.decidedTo !== null && report.ts < track.decidedTo) return undefined;
  track.lastTs = report.ts;
  track.lastReadings = report.readings;
  track.decidedTo = report.ts;
  track.periodMs = 0;
  return before !== null && report.ts - before <= 1.5 * everyMs
    ? { start: before, end: report.ts, readings }
    : undefined;
}

function coverPeriod(
  track: Track,
  report: {
    readonly ts: number;
    readonly periodMs: number;
    readonly endAt: number;
    readonly readings: readonly Reading[];
  },
): Segment | undefined {
  const decided = track.decidedTo;
  const isSamePeriod = track.lastTs === null && report.endAt === decided && report.periodMs === track.periodMs;
  // A second message of the same period brings the rest of its signals.
  if (isSamePeriod) return { start: report.ts, end: report.endAt, readings: report.readings };
  // A coarser mean of time that finer reports have mostly covered says nothing new about the course of things.
  if (decided !== null && decided - report.ts >= report.periodMs / 2) return undefined;
  const start = decided === null ? report.ts : Math.max(report.ts, decided);
  track.lastTs = null;
  track.lastReadings = [];
  track.decidedTo = report.endAt;
  track.periodMs = report.periodMs;
  return { start, end: report.endAt, readings: report.readings };
}
