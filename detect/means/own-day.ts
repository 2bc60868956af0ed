/**
 * The device's own mean of a local day (`P1D`). It stands beside the mean of the day's hours, or serves where too few
 * hours are known; that mean, converted like any other, is made in `close-period.ts`.
 */
import { DAY_MS } from '../../contracts/time/instant.ts';
import type { Device } from '../../contracts/registry/registry.ts';
import type { StreamReport } from '../core/stream-report.ts';
import { readCellValue } from './cell-value.ts';
import type { CellMean, OwnMean } from './period-cell.ts';

/** Part of snapshots. */
export interface OwnDay extends OwnMean {
  /** Start of the period as the device has it. */
  readonly ts: number;
  /** What the device said of the day's extremes; absent: nothing. */
  readonly min?: number;
  readonly max?: number;
}

/** By device, then signal. */
export type OwnDays = Record<string, Record<string, OwnDay>>;

/** Where an outlet keeps them. */
interface OwnDayShelf {
  ownDays: OwnDays;
}

export function feedOwnDay(state: OwnDayShelf, report: StreamReport): void {
  for (const reading of report.readings) {
    const value = readCellValue(reading, report);
    if (value === undefined) continue;
    const days = (state.ownDays[report.device] ??= {});
    days[reading.signal] = {
      ts: report.ts,
      mean: value.value,
      overRange: value.overRange,
      converted: reading.converted,
      laterDelta: value.laterDelta,
      ...(reading.min === undefined ? {} : { min: reading.min }),
      ...(reading.max === undefined ? {} : { max: reading.max }),
    };
  }
}

/** What the device itself said of the local day that begins at `start`; days of another length are not it. */
export function ownDayMeans(
  state: OwnDayShelf,
  device: Device,
  day: { readonly start: number; readonly end: number },
): ReadonlyMap<string, CellMean> {
  const means = new Map<string, CellMean>();
  if (day.end - day.start !== DAY_MS) return means;
  for (const [signal, own] of Object.entries(state.ownDays[device.id] ?? {})) {
    if (own.ts !== day.start) continue;
    means.set(signal, {
      mean: own.mean,
      valid: true,
      source: 'device',
      overRange: own.overRange,
      parts: { valid: 1, expected: 1, partMs: DAY_MS },
      own,
      later: own.laterDelta === 0 ? null : own.mean + own.laterDelta,
    });
  }
  return means;
}

/** The day is over: what was said of it is of no more use. */
export function forgetOwnDays(state: OwnDayShelf, until: number): void {
  for (const device of Object.keys(state.ownDays)) {
    const kept = Object.entries(state.ownDays[device] ?? {}).filter(([, own]) => own.ts + DAY_MS > until);
    if (kept.length === 0) Reflect.deleteProperty(state.ownDays, device);
    else state.ownDays[device] = Object.fromEntries(kept);
  }
}
