/** The hours of a stack monitor go to the rules about validity. */
import type { Average } from '../../contracts/registry/registry.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { longEnd, longStart } from '../means/long-cell.ts';
import { invalidHours, stepInvalidHours } from '../rules/quality.invalid-hours.ts';
import { stepValidRate, validRate, type Quarter } from '../rules/quality.valid-rate.ts';
import type { Closing } from './closing.ts';
import { spansBetween } from './mark-book.ts';
import { isPollutant } from './site-plan.ts';

interface ClosedHour {
  readonly start: number;
  readonly end: number;
  /** Start of its local day. */
  readonly day: number;
}

/** The monitor that answers for the hour. */
function primaryDevice({ outlet }: Closing, at: number): string | undefined {
  const device = outlet.outlet.devices.find(
    (entry) => at >= entry.fromAt && at < entry.toAt && entry.role === 'primary',
  );
  return device?.value ?? outlet.deviceIds[0];
}

/** An accepted `stopped` mark holds for a quarter of the hour. */
function isKnownStopped({ outlet, state }: Closing, { start, end }: ClosedHour): boolean {
  const window = { from: start, to: end, states: ['stopped'] };
  return spansBetween(outlet.marks, state.marks, outlet.deviceIds, window).some(
    (span) => span.accepted && Math.min(span.to, end) - Math.max(span.from, start) >= 15 * MINUTE_MS,
  );
}

const QUARTER: Average = { text: 'P3M', ms: 0, months: 3 };

/** The rate of each limited signal in its calendar quarter. */
function watchRates(
  closing: Closing,
  hours: readonly JudgedPeriod[],
  at: ClosedHour,
  of: { readonly device: string; readonly isStopped: boolean },
): void {
  const { plan, outlet, stream, scribe } = closing;
  const quarterAt = (instant: number): Quarter => {
    const start = longStart(plan.time, QUARTER, instant);
    return { start, end: longEnd(plan.time, QUARTER, start) };
  };
  const context = scribe.context(validRate);
  const isDayEnd = plan.time.dayEnd(at.start) <= at.end;
  for (const { signal, valid, operating } of hours) {
    const limits = outlet.limits.filter((limit) => limit.signal === signal && limit.role === 'legal');
    if (!limits.some((limit) => at.start >= limit.fromAt && at.start < limit.toAt)) continue;
    const { start, end } = at;
    const hour = { ...of, signal, start, end, isValid: valid, isStandstill: operating === false, isDayEnd };
    const state = stepValidRate(stream.validRates[signal] ?? null, hour, quarterAt, context);
    if (state === null) Reflect.deleteProperty(stream.validRates, signal);
    else stream.validRates[signal] = state;
  }
}

/** Watched for validity: the limited signals, or the pollutants where nothing is limited. */
export function watchValidity(closing: Closing, hours: readonly JudgedPeriod[], at: ClosedHour): void {
  const { plan, outlet, stream, scribe } = closing;
  const watched = hours.filter((hour) =>
    outlet.limitedSignals.length > 0 ? outlet.limitedSignals.includes(hour.signal) : isPollutant(hour.signal),
  );
  const id = primaryDevice(closing, at.start);
  if (id === undefined) return;
  const isStopped = isKnownStopped(closing, at);
  watchRates(closing, hours, at, { device: id, isStopped });
  if (watched.length === 0 && hours.length > 0 && outlet.limitedSignals.length === 0) return;
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
      knownStopped: standstill || isStopped || plan.site.devices.get(id) === undefined,
    },
    scribe.context(invalidHours),
  );
}
