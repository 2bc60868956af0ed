/** What a device says, before it is written down: the wire form with instants as numbers. */
import type { WireReport, WireValue } from '../../contracts/report.ts';
import { formatClockDuration } from '../../contracts/time/duration.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { Flag } from '../../contracts/signals.ts';

/** The means that a device makes itself beside its finer values. */
export interface OwnMeans {
  readonly periodMs: number;
  /** An instant at which a period begins: local midnight for days. */
  readonly alignedAt: number;
  /** Minutes of a whole period. */
  readonly expected: number;
  readonly o2ReferencePercent: number | undefined;
  readonly stepOf: (signal: string) => number;
  /** Those that are converted to the reference oxygen. */
  readonly isConverted: (signal: string) => boolean;
}

export interface DeviceReport {
  /** By the device's own clock: instant of the sample, or begin of the period. */
  readonly tsAt: number;
  /** 0 for an instant. */
  readonly periodMs: number;
  readonly values: Readonly<Record<string, WireValue>>;
  /** Signals without an entry are N. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** Absent for what is sent a second time: a device counts each report once. */
  readonly seq: number | undefined;
  readonly isResent: boolean;
  readonly mark: { readonly state: string; readonly untilAt: number | undefined } | undefined;
  readonly parameters: Readonly<Record<string, number | string>> | undefined;
}

/** A device whose reports can be made for any instant. */
export interface Instrument {
  readonly everyMs: number;
  /** The means that it makes itself beside its reports, shortest first. */
  readonly ownMeans?: readonly OwnMeans[];
  /** The report of a tick, the instant at which a sample or a period is complete; ticks are multiples of the cadence. */
  reportAt(tickAt: number): DeviceReport;
}

/** Instants become RFC 3339 text in local time. */
export function toWireReport(report: DeviceReport, time: LocalTime): WireReport {
  const { mark } = report;
  const until = mark?.untilAt === undefined ? {} : { until: time.format(mark.untilAt) };
  return {
    ts: time.format(report.tsAt),
    ...(report.periodMs === 0
      ? {}
      : { period: formatClockDuration(report.periodMs) as NonNullable<WireReport['period']> }),
    values: { ...report.values },
    ...(Object.keys(report.flags).length === 0 ? {} : { flags: { ...report.flags } }),
    ...(report.seq === undefined ? {} : { seq: report.seq }),
    ...(report.isResent ? { resent: true } : {}),
    ...(mark === undefined ? {} : { mark: { state: mark.state, ...until } }),
    ...(report.parameters === undefined ? {} : { parameters: { ...report.parameters } }),
  };
}

/** Rounded to the steps that the device can show. */
export function roundToStep(value: number, step: number): number {
  return Math.round(Math.round(value / step) * step * 1e6) / 1e6;
}
