/** The hours of a stack monitor go to the rules about validity. */
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { invalidHours, stepInvalidHours } from '../rules/quality.invalid-hours.ts';
import type { Closing } from './closing.ts';
import { spansBetween } from './mark-book.ts';
import { isPollutant } from './site-plan.ts';

/** Watched for validity: the limited signals, or the pollutants where nothing is limited. */
export function watchValidity(
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
