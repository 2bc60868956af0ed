/** An hour of an outlet is closed: what it emitted of every signal that stands under a cap. */
import { massFlowOf } from '../../contracts/mass-flow.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { measuredMass, weighHour, type HourFacts, type WeighedHour } from '../means/emission-mass.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { longStart } from '../means/long-cell.ts';
import { limitTotal, substitutionTerms } from '../rules/limit.total.ts';
import { countHour, strikeOutSignal } from './count-caps.ts';
import type { Closing } from './closing.ts';
import { createSignalEmission, type SignalEmission } from './emission-state.ts';
import { recordAgain } from './judge-limits.ts';
import { coveredMs, spansBetween } from './mark-book.ts';

/** Of an hour, for a mark to say that the plant stood: as much as makes an hour of a meter valid (contract 4). */
const STANDING_MS = 45 * MINUTE_MS;
const QUARTER = { text: 'P3M', ms: 0, months: 3 };

/** Whether accepted marks say that the plant stood; what a device says of itself without an officer is no knowing. */
function isMarkedStopped({ outlet, state }: Closing, start: number): boolean {
  if (outlet.marks.length === 0 && state.marks.length === 0) return false;
  const window = { from: start, to: start + HOUR_MS, states: ['stopped'] };
  const spans = spansBetween(outlet.marks, state.marks, outlet.deviceIds, window).filter((span) => span.accepted);
  return coveredMs(spans, window.from, window.to) >= STANDING_MS;
}

interface Weighing {
  readonly closing: Closing;
  readonly hours: readonly JudgedPeriod[];
  readonly start: number;
  readonly isMarked: boolean;
}

function weighSignal(
  weighing: Weighing,
  emission: SignalEmission,
  signal: string,
): (WeighedHour & { readonly period: JudgedPeriod; readonly isOverRange: boolean }) | undefined {
  const { closing, hours, start, isMarked } = weighing;
  const massFlow = massFlowOf(closing.plan.signals.get(signal)?.unit ?? '');
  const period = hours.find((hour) => hour.signal === signal);
  if (massFlow === undefined || period === undefined) return undefined;
  const flow = hours.find((hour) => hour.signal === massFlow.flow);
  const facts: HourFacts = {
    period,
    quarterStart: longStart(closing.plan.time, QUARTER, start),
    measuredKg: measuredMass(period, flow, massFlow),
    isStopped: period.operating === false || isMarked,
  };
  const terms = massFlow.medium === 'gas' ? substitutionTerms(closing.scribe.context(limitTotal)) : null;
  const weighed = weighHour(emission.history, facts, terms);
  const isOverRange = period.overRange || (flow?.overRange ?? false);
  return { ...weighed, period: { ...period, mass: weighed.mass }, isOverRange };
}

/**
 * The hours with their masses; totals, and the rules about them, follow. Earlier means that came out differently are
 * written down again.
 */
export function weighHours(closing: Closing, hours: readonly JudgedPeriod[], end: number): readonly JudgedPeriod[] {
  const { outlet, stream } = closing;
  const { emission } = stream;
  for (const signal of Object.keys(emission)) {
    if (outlet.cappedSignals.includes(signal)) continue;
    strikeOutSignal(closing, emission[signal] as SignalEmission, signal, end);
    Reflect.deleteProperty(emission, signal);
  }
  if (outlet.cappedSignals.length === 0) return hours;
  const start = end - HOUR_MS;
  const weighing: Weighing = { closing, hours, start, isMarked: isMarkedStopped(closing, start) };
  const weighedPeriods = new Map<string, JudgedPeriod>();
  for (const signal of outlet.cappedSignals) {
    const own = (emission[signal] ??= createSignalEmission());
    const weighed = weighSignal(weighing, own, signal);
    for (const settled of weighed?.settled ?? []) recordAgain(closing, settled.period);
    countHour(closing, own, { signal, start, end, weighed });
    if (weighed !== undefined) weighedPeriods.set(signal, weighed.period);
  }
  return hours.map((hour) => weighedPeriods.get(hour.signal) ?? hour);
}
