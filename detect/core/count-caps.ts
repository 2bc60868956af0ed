/** The mass of an hour goes into the totals of every cap on its signal, and the rules about caps see them. */
import type { Subject } from '../../contracts/finding.ts';
import type { Cap, Outlet } from '../../contracts/registry/registry.ts';
import { addToDay, settleDay } from '../means/daily-mass.ts';
import type { WeighedHour } from '../means/emission-mass.ts';
import { addHourMass, createEmissionTotal, liesIn, settleHour } from '../means/emission-total.ts';
import { longEnd, longStart } from '../means/long-cell.ts';
import type { CapFacts, CapStep } from '../rules/cap-words.ts';
import { endForecast, initialForecastState, limitTotalForecast, stepForecast } from '../rules/limit.total-forecast.ts';
import { endTotal, initialTotalState, limitTotal, stepTotal } from '../rules/limit.total.ts';
import type { Closing } from './closing.ts';
import type { CapPeriod, SignalEmission } from './emission-state.ts';

export interface CountedHour {
  readonly signal: string;
  readonly start: number;
  readonly end: number;
  /** undefined: no instrument was in force. */
  readonly weighed: (WeighedHour & { readonly isOverRange: boolean }) | undefined;
}

function capFacts(cap: Cap): CapFacts {
  return {
    tonnes: cap.tonnes,
    per: cap.per.text,
    fromAt: Number.isFinite(cap.fromAt) ? cap.fromAt : null,
    source: cap.source ?? null,
  };
}

/** The device that a total is told under: one for the whole period, whichever device stood in at times. */
function subjectOf(outlet: Outlet, signal: string, at: number): Subject {
  const primaries = outlet.devices.filter((entry) => entry.role === 'primary');
  const inForce = primaries.find((entry) => at >= entry.fromAt && at < entry.toAt);
  const device = (inForce ?? primaries[0] ?? outlet.devices[0])?.value;
  return { outlet: outlet.id, ...(device === undefined ? {} : { device }), signal };
}

/** The period of a cap that the hour lies in; begun with the first hour that has a mass. */
function runningPeriod(closing: Closing, emission: SignalEmission, cap: Cap, hour: CountedHour): CapPeriod | undefined {
  const { time } = closing.plan;
  const periods = (emission.caps[`${String(cap.per.months)}|${String(cap.per.ms)}`] ??= []);
  const calendar = longStart(time, cap.per, hour.start);
  const start = Math.max(calendar, cap.fromAt);
  const end = Math.min(longEnd(time, cap.per, calendar), cap.toAt);
  let period = periods.find((entry) => entry.total.start === start);
  if (period === undefined) {
    if (hour.weighed === undefined) return undefined;
    period = {
      cap: capFacts(cap),
      total: createEmissionTotal({ start, end }, hour.start),
      passed: initialTotalState(),
      forecast: initialForecastState(),
      isClosed: false,
    };
    periods.push(period);
  }
  // The registry may name another cap or another end now.
  period.cap = capFacts(cap);
  period.total.end = end;
  return period;
}

function runningPeriods(closing: Closing, emission: SignalEmission, hour: CountedHour): ReadonlySet<CapPeriod> {
  const running = new Set<CapPeriod>();
  for (const cap of closing.outlet.outlet.caps) {
    if (cap.signal !== hour.signal || hour.start < cap.fromAt || hour.start >= cap.toAt) continue;
    const period = runningPeriod(closing, emission, cap, hour);
    if (period !== undefined) running.add(period);
  }
  return running;
}

/** Earlier hours came out differently: their periods and days follow. */
function settle(closing: Closing, emission: SignalEmission, weighed: WeighedHour): ReadonlySet<CapPeriod> {
  const touched = new Set<CapPeriod>();
  for (const settled of weighed.settled) {
    const { start, mass } = settled.period;
    settleDay(emission.days, closing.plan.time.dayStart(start), (mass.kg ?? 0) - settled.beforeKg);
    for (const period of Object.values(emission.caps).flat()) {
      if (!liesIn(period.total, start)) continue;
      settleHour(period.total, settled);
      touched.add(period);
    }
  }
  return touched;
}

function stepPeriod(closing: Closing, emission: SignalEmission, period: CapPeriod, hour: CountedHour): void {
  const { plan, outlet, scribe } = closing;
  const step: CapStep = {
    cap: period.cap,
    total: period.total,
    subject: subjectOf(outlet.outlet, hour.signal, period.total.start),
    at: hour.end,
    isDayEnd: plan.time.dayEnd(hour.start) <= hour.end,
  };
  stepTotal(period.passed, step, scribe.context(limitTotal));
  const hasPassed = period.passed.passedAt !== null;
  stepForecast(period.forecast, step, { days: emission.days, hasPassed }, scribe.context(limitTotalForecast));
  period.isClosed = hour.end >= period.total.end;
}

/** The cap was struck out of the registry, or ends earlier now: what stands open is closed. */
function strikeOut(closing: Closing, period: CapPeriod, signal: string, at: number): void {
  const subject = subjectOf(closing.outlet.outlet, signal, period.total.start);
  const step: CapStep = { cap: period.cap, total: period.total, subject, at, isDayEnd: false };
  endTotal(period.passed, step, closing.scribe.context(limitTotal));
  endForecast(period.forecast, step, closing.scribe.context(limitTotalForecast), 'cap-ended');
}

/** Whether an hour of the period may still come out differently. */
function isUnsettled(emission: SignalEmission, period: CapPeriod): boolean {
  return emission.history.gap?.waiting.some((hour) => liesIn(period.total, hour.period.start)) ?? false;
}

export function countHour(closing: Closing, emission: SignalEmission, hour: CountedHour): void {
  const { weighed } = hour;
  const running = runningPeriods(closing, emission, hour);
  if (weighed !== undefined) {
    const { mass, isOverRange } = weighed;
    for (const { total } of running) addHourMass(total, { start: hour.start, mass, isOverRange });
    addToDay(emission.days, closing.plan.time.dayStart(hour.start), mass);
  }
  const touched: ReadonlySet<CapPeriod> = weighed === undefined ? new Set() : settle(closing, emission, weighed);
  for (const [key, periods] of Object.entries(emission.caps)) {
    const kept = periods.filter((period) => {
      if (hour.end < period.total.end && !running.has(period)) {
        strikeOut(closing, period, hour.signal, hour.end);
        return false;
      }
      if (!period.isClosed || touched.has(period)) stepPeriod(closing, emission, period, hour);
      return !period.isClosed || isUnsettled(emission, period);
    });
    if (kept.length > 0) emission.caps[key] = kept;
    else Reflect.deleteProperty(emission.caps, key);
  }
}

/** The signal is under no cap any more. */
export function strikeOutSignal(closing: Closing, emission: SignalEmission, signal: string, at: number): void {
  for (const period of Object.values(emission.caps).flat()) strikeOut(closing, period, signal, at);
}
