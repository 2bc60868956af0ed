/** The hours of a stack monitor go to the rules about validity. */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { invalidHours, stepInvalidHours } from '../rules/quality.invalid-hours.ts';
import { stepValidRate, validRate } from '../rules/quality.valid-rate.ts';
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

/** A legal limit stands on the signal in that hour. */
function isLimited({ outlet }: Closing, signal: string, at: number): boolean {
  for (const limit of outlet.limits) {
    if (limit.signal === signal && limit.role === 'legal' && at >= limit.fromAt && at < limit.toAt) return true;
  }
  return false;
}

/** The rate of each limited signal in its calendar quarter. */
function watchRates(
  closing: Closing,
  hours: readonly JudgedPeriod[],
  at: ClosedHour,
  of: { readonly device: string; readonly isStopped: boolean },
): void {
  const { plan, stream, scribe } = closing;
  const { start, end } = at;
  const { device, isStopped } = of;
  const context = scribe.context(validRate);
  const isDayEnd = plan.time.dayEnd(start) <= end;
  for (const { signal, valid, operating } of hours) {
    if (!isLimited(closing, signal, start)) continue;
    const isStandstill = operating === false;
    const hour = { device, isStopped, signal, start, end, isValid: valid, isStandstill, isDayEnd };
    const state = stepValidRate(stream.validRates[signal] ?? null, hour, context);
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
