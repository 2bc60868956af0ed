/**
 * The means that a stack monitor makes itself beside the finer values that it sent: an hour or less when its report is
 * read (all finer ones have been by then), a day when its last hour is closed.
 */
import type { Reading } from '../../contracts/report-reading.ts';
import { COUNT_SIGNALS, SIGNALS } from '../../contracts/signals.ts';
import { formatClockDuration } from '../../contracts/time/duration.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { DeviceMeans } from '../means/close-period.ts';
import type { OwnDay } from '../means/own-day.ts';
import {
  createOwnWindows,
  DAY_HOURS,
  feedWindows,
  isWholeDay,
  noteOwnMean,
  tallyHour,
  windowCell,
  WINDOW_LENGTHS_MS,
  type DayTally,
  type OwnWindows,
} from '../means/own-windows.ts';
import { expectedParts, settleSamples, usableSet, type PeriodCell } from '../means/period-cell.ts';
import { averageMismatch, initialOwnMeanState, stepOwnMean } from '../rules/falsification.average-mismatch.ts';
import type { OwnParts } from '../rules/own-mean.ts';
import type { BoundInstrument } from './bound-parts.ts';
import { isGas, type Closing } from './closing.ts';
import type { EventState, OutletStream } from './event-state.ts';
import { spansBetween } from './mark-book.ts';
import type { OwnMeanWatch } from './own-mean-watch.ts';
import type { Scribe } from './scribe.ts';
import type { SitePlan } from './site-plan.ts';
import type { StreamReport } from './stream-report.ts';

interface OwnMeanStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}

/** Registers, switches and counts are no means. */
const NO_MEANS: ReadonlySet<string> = new Set([...COUNT_SIGNALS, 'energy', 'online', 'occluded', 'running']);
const SIGNED: ReadonlySet<string> = new Set(['pressure', 'temp', 'furnace-temp']);
const BUILT_IN: ReadonlySet<string> = new Set(SIGNALS.map(({ id }) => id));
const INVALIDATING = ['calibration', 'maintenance'];

function isMean(plan: SitePlan, signal: string): boolean {
  if (NO_MEANS.has(signal)) return false;
  // What a registry adds may be a sum or a register; a concentration is neither.
  return BUILT_IN.has(signal) || isGas(plan, signal);
}

function isCompared(plan: SitePlan, { signal, value }: Reading): boolean {
  return typeof value === 'number' && isMean(plan, signal);
}

function watchOf(stream: OutletStream, device: string, ts: number): OwnMeanWatch {
  return (stream.ownMeans[device] ??= { windows: createOwnWindows(ts), channels: {} });
}

/** The device was heard from the period's beginning on: nothing of what it averaged came before. */
function isHeardWhole({ heard }: OwnWindows, start: number, everyMs: number): boolean {
  return heard < start + Math.max(MINUTE_MS, everyMs);
}

function partsOf(cell: PeriodCell | undefined, report: StreamReport, everyMs: number): OwnParts | undefined {
  if (cell === undefined || cell.start !== report.ts) return undefined;
  settleSamples(cell, everyMs, report.endAt);
  const set = usableSet(cell, report.ts);
  if (set === undefined) return undefined;
  const unit = set.partMs === MINUTE_MS ? 'minutes' : formatClockDuration(set.partMs);
  const { min, max, count: valid } = set;
  return { mean: set.sum / valid, min, max, valid, expected: expectedParts(cell, set.partMs), unit, others: [] };
}

interface OwnPlace {
  readonly instrument: BoundInstrument;
  readonly watch: OwnMeanWatch;
  readonly report: StreamReport;
}

function stepReading(of: OwnMeanStream, at: OwnPlace, reading: Reading, isJudged: boolean): void {
  const { instrument, watch, report } = at;
  const { signal } = reading;
  const { plan, stream } = instrument.outlet;
  const device = instrument.device.device.id;
  const cell =
    report.periodMs === HOUR_MS
      ? stream.means.channels[device]?.[signal]?.hour
      : windowCell(watch.windows, report.periodMs, signal);
  stepOwnMean(
    (watch.channels[signal] ??= initialOwnMeanState()),
    {
      start: report.ts,
      end: report.endAt,
      average: formatClockDuration(report.periodMs),
      mean: reading.value as number,
      min: reading.min,
      max: reading.max,
      parts: isJudged ? partsOf(cell, report, instrument.everyMs) : undefined,
      resolution: plan.outlet.resolution[signal],
      isSigned: SIGNED.has(signal),
    },
    {
      subject: { outlet: plan.outlet.id, device, signal },
      context: of.scribe.context(averageMismatch),
    },
  );
}

function compareOwn(of: OwnMeanStream, at: OwnPlace): void {
  const { instrument, watch, report } = at;
  const { device } = instrument;
  const window = { from: report.ts, to: report.endAt, states: INVALIDATING };
  const isMarked = spansBetween(device.marks, of.state.marks, [device.device.id], window).length > 0;
  const isJudged = !isMarked && isHeardWhole(watch.windows, report.ts, instrument.everyMs);
  for (const reading of report.readings) {
    if (reading.flag !== 'N' || !isCompared(of.plan, reading) || Number.isNaN(reading.value)) continue;
    stepReading(of, at, reading, isJudged);
  }
}

/**
 * A report of the device, before it counts in the means. A device that measures several outlets is compared at its
 * first one.
 */
export function watchOwnMeans(
  of: OwnMeanStream,
  instrument: BoundInstrument,
  report: StreamReport,
  at: { readonly hourStart: number; readonly everyMs: number },
): void {
  if (instrument.device.outlets[0] !== instrument.outlet.plan) return;
  const watch = watchOf(instrument.outlet.stream, report.device, report.ts);
  const { periodMs } = report;
  if (periodMs > MINUTE_MS && periodMs <= DAY_MS) noteOwnMean(watch.windows, report);
  if (periodMs === HOUR_MS || WINDOW_LENGTHS_MS.includes(periodMs)) compareOwn(of, { instrument, watch, report });
  if (periodMs < HOUR_MS) feedWindows(watch.windows, report, at, (reading) => isCompared(of.plan, reading));
}

function isCounted(closing: Closing, device: string): boolean {
  return closing.plan.devices.get(device)?.outlets[0] === closing.outlet;
}

/** The hours of its devices as they closed, for the day's means that they make themselves. */
export function tallyOwnDays(
  closing: Closing,
  means: ReadonlyMap<string, DeviceMeans>,
  hour: { readonly start: number; readonly dayStart: number; readonly operating: boolean; readonly excused: boolean },
): void {
  for (const [device, bySignal] of means) {
    const watch = closing.stream.ownMeans[device];
    if (watch === undefined || !isCounted(closing, device)) continue;
    for (const [signal, mean] of bySignal) {
      tallyHour(watch.windows, { signal, mean, dayStart: hour.dayStart, start: hour.start }, hour);
    }
  }
}

/** Fewest hours of a day that are known, and that were measured (contract 4). */
const FEWEST_KNOWN = 20;
const FEWEST_MEASURED = 4;

function dayParts(day: DayTally | undefined, start: number): OwnParts | undefined {
  if (day?.start !== start || day.known < FEWEST_KNOWN || day.counts[0] < FEWEST_MEASURED) return undefined;
  const others = [day.partSum / day.parts];
  for (let kind = 1; kind < day.counts.length; kind += 1) {
    const count = day.counts[kind] ?? 0;
    if (count > 0) others.push((day.sums[kind] ?? 0) / count);
  }
  const valid = day.counts[0];
  return { mean: day.sums[0] / valid, min: day.min, max: day.max, valid, expected: DAY_HOURS, unit: 'hours', others };
}

interface OwnDayPlace {
  readonly device: string;
  readonly watch: OwnMeanWatch;
  readonly isWhole: boolean;
  readonly start: number;
  readonly end: number;
}

function stepDay({ outlet, scribe }: Closing, at: OwnDayPlace, signal: string, own: OwnDay): void {
  const { device, watch, isWhole, start, end } = at;
  stepOwnMean(
    (watch.channels[signal] ??= initialOwnMeanState()),
    {
      start,
      end,
      average: 'P1D',
      mean: own.mean,
      min: own.min,
      max: own.max,
      parts: isWhole ? dayParts(watch.windows.days[signal], start) : undefined,
      resolution: outlet.outlet.resolution[signal],
      isSigned: SIGNED.has(signal),
    },
    { subject: { outlet: outlet.outlet.id, device, signal }, context: scribe.context(averageMismatch) },
  );
}

/** A local day is over: the devices' own means of it. */
export function compareOwnDays(closing: Closing, day: { readonly start: number; readonly end: number }): void {
  if (!isWholeDay(day.start, day.end)) return;
  const { plan, stream } = closing;
  for (const [device, days] of Object.entries(stream.means.ownDays)) {
    const watch = stream.ownMeans[device];
    if (watch === undefined || !isCounted(closing, device)) continue;
    const everyMs = plan.devices.get(device)?.device.everyMs ?? MINUTE_MS;
    const isWhole = isHeardWhole(watch.windows, day.start, everyMs);
    for (const [signal, own] of Object.entries(days)) {
      const isJudged = own.ts === day.start && !own.overRange && isMean(plan, signal);
      if (isJudged) stepDay(closing, { device, watch, isWhole, ...day }, signal, own);
    }
  }
}
