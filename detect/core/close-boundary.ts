/**
 * A boundary of the clock passes: the means that end there are closed, judged and handed to the rules about limits.
 */
import type { Average, Limit } from '../../contracts/registry/registry.ts';
import { EXCUSING_STATES } from '../../contracts/registry/registry.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { closeOwnDay, closePeriod } from '../means/close-period.ts';
import { excuseHour, excuseShortPeriod, type Excuse } from '../means/excuse.ts';
import type { JudgedPeriod, Verdict } from '../means/judged-period.ts';
import {
  addHour,
  closeLongCell,
  createLongCell,
  DAY,
  hasEnoughHours,
  longEnd,
  longStart,
  type LongCell,
  type LongPeriod,
} from '../means/long-cell.ts';
import { forgetOwnDays } from '../means/own-day.ts';
import { rememberOxygen } from '../means/oxygen.ts';
import { endEpisode, initialLimitState, stepLimit } from '../rules/limit-episode.ts';
import { limitDay } from '../rules/limit.day.ts';
import { limitHour } from '../rules/limit.hour.ts';
import { limitPeriod } from '../rules/limit.period.ts';
import { invalidHours, stepInvalidHours } from '../rules/quality.invalid-hours.ts';
import type { RuleFacts } from '../rules/rule.ts';
import { outletStream, type EventState, type OutletStream } from './event-state.ts';
import { spansBetween } from './mark-book.ts';
import { isPollutant, type OutletPlan, type SitePlan } from './site-plan.ts';
import type { Scribe } from './scribe.ts';
import { sweepLine } from './sweep-line.ts';

interface Closing {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly outlet: OutletPlan;
  readonly stream: OutletStream;
  readonly scribe: Scribe;
}

const CONCENTRATION = /^mg\/m(3|³)$/;

/** A concentration in mg/m³, signals that the registry adds included: the conversion is for these only. */
function isGas(plan: SitePlan, signal: string): boolean {
  return isPollutant(signal) || CONCENTRATION.test(plan.signals.get(signal)?.unit ?? '');
}

function ruleFor(average: string): RuleFacts {
  return average === 'PT1H' ? limitHour : average === 'P1D' ? limitDay : limitPeriod;
}

/** Whether the limit is set on this period; hours and days may be written in several ways (PT60M, PT24H). */
function isOn(limit: Limit, average: string): boolean {
  if (average === 'PT1H') return limit.average.ms === HOUR_MS;
  if (average === 'P1D') return limit.average.ms === DAY_MS;
  return limit.average.text === average;
}

function limitKey(limit: Limit): string {
  return `${limit.signal}|${limit.average.text}|${limit.role}|${String(limit.fromAt)}`;
}

/** The judged period against every limit on its signal and average; the verdict of the legal limit in force. */
function judgeLimits(closing: Closing, period: JudgedPeriod): { verdict: Verdict; limit: Limit | undefined } {
  const rule = ruleFor(period.average);
  let result: { verdict: Verdict; limit: Limit | undefined } = { verdict: 'no-limit', limit: undefined };
  for (const limit of closing.outlet.limits) {
    if (limit.signal !== period.signal || !isOn(limit, period.average)) continue;
    const state = (closing.stream.limits[limitKey(limit)] ??= initialLimitState());
    const context = closing.scribe.context(rule);
    if (period.start >= limit.fromAt && period.start < limit.toAt) {
      const verdict = stepLimit(state, rule, limit, { period, context });
      if (result.limit === undefined || limit.role === 'legal') result = { verdict, limit };
    } else {
      endEpisode(state, rule, limit, context);
    }
  }
  return result;
}

function record(closing: Closing, period: JudgedPeriod): void {
  const { verdict, limit } = judgeLimits(closing, period);
  closing.scribe.mean(period, verdict, limit);
}

function excuseOf(closing: Closing, start: number): Excuse | null {
  const { plan, state, outlet, stream } = closing;
  if (outlet.marks.length === 0 && state.marks.length === 0) return null;
  const window = { from: start, to: start + HOUR_MS, states: EXCUSING_STATES };
  const spans = spansBetween(outlet.marks, state.marks, outlet.deviceIds, window);
  const hour = { start, yearStart: plan.time.yearStart(start) };
  return excuseHour(stream.means.spending, hour, spans, outlet.outlet.excuse);
}

function longAverages(outlet: OutletPlan): readonly Average[] {
  return [DAY, ...outlet.longAverages.filter((average) => average.ms !== DAY_MS)];
}

function addToLongPeriods(closing: Closing, hour: JudgedPeriod): void {
  const { plan, outlet, stream } = closing;
  for (const average of longAverages(outlet)) {
    const limited = outlet.limits.some((limit) => limit.signal === hour.signal && isOn(limit, average.text));
    if (!limited && !(average === DAY && isGas(plan, hour.signal))) continue;
    const cell = (stream.means.longs[`${average.text}|${hour.signal}`] ??= createLongCell());
    addHour(cell, longStart(plan.time, average, hour.start), hour, outlet.outlet.o2Reference !== undefined);
  }
}

/** A signal of which the device sent the day's mean and nothing finer has its day as well. */
function addOwnDays(closing: Closing, dayStart: number): void {
  const { plan, stream } = closing;
  for (const days of Object.values(stream.means.ownDays)) {
    for (const [signal, own] of Object.entries(days)) {
      if (own.ts !== dayStart || !isGas(plan, signal)) continue;
      const cell = (stream.means.longs[`P1D|${signal}`] ??= createLongCell());
      cell.start ??= dayStart;
    }
  }
}

/**
 * The device's own mean of the day stands beside that of the hours, or serves where too few of them are known. A day
 * with enough hours, fewer than four of them at work, is not judged by it either.
 */
function withOwnDay(closing: Closing, day: JudgedPeriod, hasEnough: boolean): JudgedPeriod {
  const { plan, outlet, stream } = closing;
  const { start, end } = day;
  const isGasHere = (signal: string): boolean => isGas(plan, signal);
  const period = { average: 'P1D', start, end, hourStart: start, dayStart: start, excuse: null, isGas: isGasHere };
  const own = closeOwnDay(outlet, stream.means, period, day.signal);
  if (own === undefined) return day;
  return hasEnough ? { ...day, ownMean: own.ownMean, ownConverted: own.ownConverted } : own;
}

function closeLongPeriod(closing: Closing, signal: string, cell: LongCell, period: LongPeriod): JudgedPeriod {
  const { plan, outlet } = closing;
  const isConverted = outlet.outlet.o2Reference !== undefined && isGas(plan, signal);
  const facts = { outlet: outlet.outlet.id, signal, isConverted, device: outlet.deviceIds[0] ?? '' };
  const hasEnough = hasEnoughHours(cell, period);
  const closed = closeLongCell(cell, period, facts);
  return period.average === DAY ? withOwnDay(closing, closed, hasEnough) : closed;
}

function closeLongPeriods(closing: Closing, at: number): void {
  const { plan, outlet, stream } = closing;
  const averages = longAverages(outlet);
  for (const key of Object.keys(stream.means.longs)) {
    const cell = stream.means.longs[key];
    const [text = '', signal = ''] = key.split('|');
    const average = averages.find((candidate) => candidate.text === text);
    if (cell === undefined || cell.start === null || average === undefined) continue;
    const end = longEnd(plan.time, average, cell.start);
    if (end > at) continue;
    record(closing, closeLongPeriod(closing, signal, cell, { average, start: cell.start, end }));
    stream.means.longs[key] = createLongCell();
  }
}

/** Watched for validity: the limited signals, or the pollutants where nothing is limited. */
function watchValidity(
  closing: Closing,
  hours: readonly JudgedPeriod[],
  at: { start: number; end: number; day: number },
): void {
  const { plan, state, outlet, stream, scribe } = closing;
  const watched = hours.filter((hour) =>
    outlet.limitedSignals.length > 0 ? outlet.limitedSignals.includes(hour.signal) : isPollutant(hour.signal),
  );
  const device = outlet.outlet.devices.find(
    (entry) => at.start >= entry.fromAt && at.start < entry.toAt && entry.role === 'primary',
  );
  const id = device?.value ?? outlet.deviceIds[0];
  if (id === undefined || (watched.length === 0 && hours.length > 0 && outlet.limitedSignals.length === 0)) return;
  const window = { from: at.start, to: at.end, states: ['stopped'] };
  const stopped = spansBetween(outlet.marks, state.marks, outlet.deviceIds, window).some(
    (span) => span.accepted && Math.min(span.to, at.end) - Math.max(span.from, at.start) >= 15 * MINUTE_MS,
  );
  const standstill = watched.some((hour) => hour.operating === false);
  stream.invalidDay = stepInvalidHours(
    stream.invalidDay,
    {
      device: id,
      ...at,
      invalid: watched
        .filter((hour) => !hour.valid)
        .map((hour) => ({ signal: hour.signal, valid: hour.parts.valid, expected: hour.parts.expected })),
      watched: watched.length,
      knownStopped: standstill || stopped || plan.site.devices.get(id) === undefined,
    },
    scribe.context(invalidHours),
  );
}

/** Hours in which the outlet worked and was measured: where a lower bound takes its O2 from. */
function noteOxygen(closing: Closing, hours: readonly JudgedPeriod[], dayStart: number): void {
  const measured = hours.find((hour) => hour.valid && hour.operating !== false);
  if (measured === undefined) return;
  const o2 = hours.find((hour) => hour.o2 !== null)?.o2 ?? null;
  rememberOxygen(closing.stream.means.oxygen, dayStart, o2);
}

function closeHour(closing: Closing, end: number): void {
  const { plan, outlet, stream } = closing;
  const start = end - HOUR_MS;
  const dayStart = plan.time.dayStart(start);
  const excuse = excuseOf(closing, start);
  const isGasHere = (signal: string): boolean => isGas(plan, signal);
  const period = { average: 'PT1H', start, end, hourStart: start, dayStart, excuse, isGas: isGasHere };
  const hours = closePeriod(outlet, stream.means, period);
  noteOxygen(closing, hours, dayStart);
  for (const hour of hours) {
    record(closing, hour);
    addToLongPeriods(closing, hour);
  }
  watchValidity(closing, hours, { start, end, day: dayStart });
  if (plan.time.dayEnd(start) <= end) addOwnDays(closing, dayStart);
  closeLongPeriods(closing, end);
  forgetOwnDays(stream.means, end);
}

function closeShort(closing: Closing, average: Average, end: number): void {
  const { plan, state, outlet, stream } = closing;
  const start = end - average.ms;
  const hourStart = plan.time.hourStart(start);
  const spans = spansBetween(outlet.marks, state.marks, outlet.deviceIds, {
    from: hourStart,
    to: end,
    states: EXCUSING_STATES,
  });
  const at = { start, end, hourStart, yearStart: plan.time.yearStart(start) };
  const excuse = excuseShortPeriod(stream.means.spending, at, spans, outlet.outlet.excuse);
  const isGasHere = (signal: string): boolean => isGas(plan, signal);
  const period = {
    average: average.text,
    start,
    end,
    hourStart,
    dayStart: plan.time.dayStart(start),
    excuse,
    isGas: isGasHere,
  };
  for (const judged of closePeriod(outlet, stream.means, period)) record(closing, judged);
  stream.means.shortFrom[average.text] = end;
}

/** The next boundary after `at`: local hours, or finer where shorter averages are limited. */
export function nextBoundary(plan: SitePlan, at: number): number {
  const shift = plan.time.offsetMinutes(at) * MINUTE_MS;
  return (Math.floor((at + shift) / plan.boundaryMs) + 1) * plan.boundaryMs - shift;
}

/** Closes everything of the site that ends at this boundary. */
export function closeBoundary(plan: SitePlan, state: EventState, at: number, scribe: Scribe): void {
  const shift = plan.time.offsetMinutes(at) * MINUTE_MS;
  for (const outlet of plan.outlets) {
    const stream = outletStream(state, outlet.outlet.id, outlet.meters.length);
    const { since } = stream.means;
    if (since === null || since >= at) continue;
    const closing: Closing = { plan, state, outlet, stream, scribe };
    for (const average of outlet.shortAverages) if ((at + shift) % average.ms === 0) closeShort(closing, average, at);
    if ((at + shift) % HOUR_MS === 0) closeHour(closing, at);
  }
  // A line whose meters are silent goes on in the time that others of its site still tell.
  for (const line of plan.lines) sweepLine({ plan, state, scribe }, line, at);
}
