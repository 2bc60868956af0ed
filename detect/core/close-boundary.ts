/**
 * A boundary of the clock passes: the means that end there are closed, judged and handed to the rules about limits.
 */
import type { Average } from '../../contracts/registry/registry.ts';
import { EXCUSING_STATES } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { closeCells, closePeriod } from '../means/close-period.ts';
import { excuseHour, excuseShortPeriod, type Excuse } from '../means/excuse.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { forgetOwnDays } from '../means/own-day.ts';
import { rememberOxygen } from '../means/oxygen.ts';
import { addOwnDays, addToLongPeriods, closeLongPeriods } from './close-long-periods.ts';
import { closeSlots } from './close-slot.ts';
import { isGas, type Closing } from './closing.ts';
import { compareOwnDays, tallyOwnDays } from './compare-own-means.ts';
import { outletStream, type EventState } from './event-state.ts';
import { record } from './judge-limits.ts';
import { spansBetween } from './mark-book.ts';
import type { SitePlan } from './site-plan.ts';
import type { Scribe } from './scribe.ts';
import { watchValidity } from './watch-validity.ts';
import { weighHours } from './weigh-hours.ts';

function excuseOf(closing: Closing, start: number): Excuse | null {
  const { plan, state, outlet, stream } = closing;
  if (outlet.marks.length === 0 && state.marks.length === 0) return null;
  const window = { from: start, to: start + HOUR_MS, states: EXCUSING_STATES };
  const spans = spansBetween(outlet.marks, state.marks, outlet.deviceIds, window);
  const hour = { start, yearStart: plan.time.yearStart(start) };
  return excuseHour(stream.means.spending, hour, spans, outlet.outlet.excuse);
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
  closeSlots(closing, outlet, stream, end);
  const means = closeCells(outlet, stream.means, period);
  const hours = weighHours(closing, closePeriod(outlet, stream.means, period, means), end);
  noteOxygen(closing, hours, dayStart);
  for (const hour of hours) {
    record(closing, hour);
    addToLongPeriods(closing, hour);
  }
  watchValidity(closing, hours, { start, end, day: dayStart });
  const operating = hours[0]?.operating !== false;
  tallyOwnDays(closing, means, { start, dayStart, operating, excused: excuse !== null });
  if (plan.time.dayEnd(start) <= end) {
    addOwnDays(closing, dayStart);
    compareOwnDays(closing, { start: dayStart, end });
  }
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
}
