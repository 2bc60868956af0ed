/**
 * The one order in which a site's reports are read, whatever order they arrived in.
 *
 * By event time; at one instant first the periods that end there, then the boundary itself (means are closed), then
 * the samples taken there; meters before the instruments they explain; then by name.
 */
import type { CheckedReport } from '../../contracts/report-reading.ts';
import type { DeviceKind } from '../../contracts/signals.ts';

export const PERIOD_CLASS = 0;
export const BOUNDARY_CLASS = 1;
const INSTANT_CLASS = 2;

const KIND_RANK: Readonly<Record<DeviceKind, string>> = { meter: '0', gate: '1', camera: '2', cems: '3' };

/** A place in the stream; plain data, part of snapshots. */
export interface Place {
  readonly at: number;
  readonly class: number;
  /** Rank of the device kind, device, period and offset, as text that sorts. */
  readonly tail: string;
}

export const STREAM_START: Place = { at: -8_640_000_000_000_000, class: 0, tail: '' };

export function boundaryPlace(at: number): Place {
  return { at, class: BOUNDARY_CLASS, tail: '' };
}

/** Tails of the places of one device by period, remembered because every report needs one. */
export interface TailNames {
  readonly device: string;
  readonly kind: DeviceKind;
  /** Of instants, the most by far. */
  readonly instant: string;
  readonly known: Map<number, string>;
}

export function tailNames(device: string, kind: DeviceKind): TailNames {
  return { device, kind, instant: tailText(device, kind, 0), known: new Map() };
}

function tailText(device: string, kind: DeviceKind, periodMs: number): string {
  return `${KIND_RANK[kind]}${device}|${String(periodMs).padStart(9, '0')}`;
}

function tailOf(names: TailNames, periodMs: number): string {
  if (periodMs === 0) return names.instant;
  let tail = names.known.get(periodMs);
  if (tail === undefined) {
    tail = tailText(names.device, names.kind, periodMs);
    names.known.set(periodMs, tail);
  }
  return tail;
}

/** Where a report stands. */
export function reportPlace(report: CheckedReport, names: TailNames): Place {
  const { periodMs } = report;
  const tail = tailOf(names, periodMs);
  // A mark alone comes before the values of its instant: it holds for them.
  const at = report.readings.length === 0 ? `!${tail}` : tail;
  return { at: report.endAt, class: periodMs === 0 ? INSTANT_CLASS : PERIOD_CLASS, tail: at };
}

export function comparePlaces(a: Place, b: Place): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.class !== b.class) return a.class - b.class;
  return a.tail < b.tail ? -1 : a.tail > b.tail ? 1 : 0;
}
