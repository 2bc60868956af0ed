/**
 * A boundary of the clock passes: the means that end there are closed, judged and handed to the rules about limits.
 */
import type { Average, Limit } from '../../contracts/registry/registry.ts';
import { EXCUSING_STATES } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { closePeriod } from '../means/close-period.ts';
import { excuseHour, excuseShortPeriod, type Excuse } from '../means/excuse.ts';
import type { JudgedPeriod, Verdict } from '../means/judged-period.ts';
import { addHour, closeLongCell, createLongCell, DAY, longEnd, longStart } from '../means/long-cell.ts';
import { AIR_O2_PERCENT, rememberOxygen } from '../means/oxygen.ts';
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

function ruleFor(average: string): RuleFacts {
  return average === 'PT1H' ? limitHour : average === 'P1D' ? limitDay : limitPeriod;
}

function limitKey(limit: Limit): string {
  return `${limit.signal}|${limit.average.text}|${limit.role}|${String(limit.fromAt)}`;
}

/** The judged period against every limit on its signal and average; the verdict of the legal limit in force. */
function judgeLimits(closing: Closing, period: JudgedPeriod): { verdict: Verdict; limit: Limit | undefined } {
  const rule = ruleFor(period.average);
  let result: { verdict: Verdict; limit: Limit | undefined } = { verdict: 'no-limit', limit: undefined };
  for (const limit of closing.outlet.limits) {
    if (limit.signal !== period.signal || limit.average.text !== period.average) continue;
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

function addToLongPeriods(closing: Closing, hour: JudgedPeriod): void {
  const { plan, outlet, stream } = closing;
  const averages: readonly Average[] = [DAY, ...outlet.longAverages];
  for (const average of averages) {
    const limited = outlet.limits.some((limit) => limit.signal === hour.signal && limit.average.text === average.text);
    if (!limited && !(average === DAY && isPollutant(hour.signal))) continue;
    const cell = (stream.means.longs[`${average.text}|${hour.signal}`] ??= createLongCell());
    addHour(cell, longStart(plan.time, average, hour.start), hour, outlet.outlet.o2Reference !== undefined);
  }
}

function closeLongPeriods(closing: Closing, at: number): void {
  const { plan, outlet, stream } = closing;
  for (const key of Object.keys(stream.means.longs)) {
    const cell = stream.means.longs[key];
    const [text = '', signal = ''] = key.split('|');
    const average = text === 'P1D' ? DAY : outlet.longAverages.find((candidate) => candidate.text === text);
    if (cell === undefined || cell.start === null || average === undefined) continue;
    const end = longEnd(plan.time, average, cell.start);
    if (end > at) continue;
    const isConverted = outlet.outlet.o2Reference !== undefined && isPollutant(signal);
    const facts = { outlet: outlet.outlet.id, signal, isConverted, device: outlet.deviceIds[0] ?? '' };
    record(closing, closeLongCell(cell, { average, start: cell.start, end }, facts));
    stream.means.longs[key] = createLongCell();
  }
}

/** Watched for validity: the limited signals, or the pollutants where nothing is limited. */
function watchValidity(closing: Closing, hours: readonly JudgedPeriod[], at: { start: number; end: number; day: number }): void {
  const { plan, state, outlet, stream, scribe } = closing;
  const watched = hours.filter((hour) =>
    outlet.limitedSignals.length > 0 ? outlet.limitedSignals.includes(hour.signal) : isPollutant(hour.signal),
  );
  const device = outlet.outlet.devices.find((entry) => at.start >= entry.fromAt && at.start < entry.toAt && entry.role === 'primary');
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
      invalid: watched.filter((hour) => !hour.valid).map((hour) => ({ signal: hour.signal, valid: hour.parts.valid, expected: hour.parts.expected })),
      watched: watched.length,
      knownStopped: standstill || stopped || plan.site.devices.get(id) === undefined,
    },
    scribe.context(invalidHours),
  );
}

function closeHour(closing: Closing, end: number): void {
  const { plan, outlet, stream } = closing;
  const start = end - HOUR_MS;
  const dayStart = plan.time.dayStart(start);
  const excuse = excuseOf(closing, start);
  const hours = closePeriod(outlet, stream.means, { average: 'PT1H', start, end, hourStart: start, dayStart, excuse });
  const first = hours.find((hour) => hour.o2 !== null && hour.operating !== false);
  if (first?.o2 !== undefined && first.o2 !== null && first.o2 < AIR_O2_PERCENT) rememberOxygen(stream.means.oxygen, dayStart, first.o2);
  for (const hour of hours) {
    record(closing, hour);
    addToLongPeriods(closing, hour);
  }
  watchValidity(closing, hours, { start, end, day: dayStart });
  closeLongPeriods(closing, end);
}

function closeShort(closing: Closing, average: Average, end: number): void {
  const { plan, state, outlet, stream } = closing;
  const start = end - average.ms;
  const hourStart = plan.time.hourStart(start);
  const spans = spansBetween(outlet.marks, state.marks, outlet.deviceIds, { from: start, to: end, states: EXCUSING_STATES });
  const excuse = excuseShortPeriod(stream.means.spending, { start, end }, spans, outlet.outlet.excuse);
  const period = { average: average.text, start, end, hourStart, dayStart: plan.time.dayStart(start), excuse };
  for (const judged of closePeriod(outlet, stream.means, period)) record(closing, judged);
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
