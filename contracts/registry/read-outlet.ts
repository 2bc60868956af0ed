/** Outlets: which device measures them and when, their full scales, limits, caps and budgets. */
import { HOUR_MS } from '../time/instant.ts';
import { at, entriesOf, type Place } from './place.ts';
import { readSignal, type ReadContext } from './read-context.ts';
import { overlaps, settleSpans } from './read-dated.ts';
import { readCaps, readLimits } from './read-limits.ts';
import { readDuration } from './read-span.ts';
import { checkDevice, type KnownDevices } from './read-devices.ts';
import type { Draft, OutletEntry } from './registry-file.ts';
import { EXCUSING_STATES, type ExcuseBudget, type ExcusingState, type Outlet } from './registry.ts';

/** A range must reach this far above a limit, or what exceeds it cannot be told from what saturates it. */
const RANGE_OVER_LIMIT = 1.5;

/** Default budgets of every excusing state: 4 h each time, 60 h a year (HJ 212-2017 leaves them to the permit). */
const DEFAULT_BUDGET: ExcuseBudget = { eachMs: 4 * HOUR_MS, yearMs: 60 * HOUR_MS };

export function readOutlet(
  entry: Draft<OutletEntry>,
  place: Place,
  devices: KnownDevices,
  context: ReadContext,
): Outlet {
  const ranges = readRanges(entry.ranges, at(place, 'ranges'), context);
  for (const signal of Object.keys(entry.resolution ?? {}))
    readSignal(signal, at(place, 'resolution', signal), context);
  const outlet: Outlet = {
    id: entry.id ?? '',
    kind: entry.kind ?? 'stack',
    devices: readMeasuredBy(entry.device, at(place, 'device'), devices, context),
    basis: entry.basis ?? 'dry',
    o2Reference: entry.o2Reference,
    ranges,
    resolution: written(entry.resolution),
    limits: readLimits(entry.limits, at(place, 'limits'), context),
    caps: readCaps(entry.caps, at(place, 'caps'), context),
    excuse: readExcuse(entry.excuse, at(place, 'excuse'), context),
  };
  warnAboutRanges(outlet, place, context);
  if (outlet.basis === 'wet' && entry.ranges !== undefined && ranges['humidity'] === undefined) {
    const message = '`basis` is wet, and `ranges` name no `humidity`: without it nothing can be converted to dry gas';
    context.problems.warning(at(place, 'basis'), 'humidity-missing', {
      message,
      remedy: 'Let the device report `humidity` and give its range.',
    });
  }
  return outlet;
}

/** The entries of a mapping that fitted. */
function written<T>(entries: Readonly<Record<string, T | undefined>> | undefined): Readonly<Record<string, T>> {
  const present: Record<string, T> = {};
  for (const [key, value] of Object.entries(entries ?? {})) if (value !== undefined) present[key] = value;
  return present;
}

type DeviceSpans = Outlet['devices'];

function readMeasuredBy(
  entry: Draft<OutletEntry['device']> | undefined,
  place: Place,
  devices: KnownDevices,
  context: ReadContext,
): DeviceSpans {
  if (entry === undefined) return [];
  if (typeof entry === 'string') {
    checkDevice([entry, 'cems'], place, devices, context);
    return [{ value: entry, fromAt: -Infinity, toAt: Infinity, role: 'primary' }];
  }
  const entries = entriesOf(entry, place);
  for (const [{ device }, spot] of entries) checkDevice([device, 'cems'], at(spot, 'device'), devices, context);
  const ofRole = (role: 'primary' | 'backup'): DeviceSpans => {
    const chosen = entries.filter(([{ role: named }]) => (named ?? 'primary') === role);
    // Primaries follow one another; several backups may stand ready at once.
    const spans =
      role === 'primary'
        ? settleSpans(chosen, context, 'warn')
        : chosen.flatMap((one) => settleSpans([one], context, 'fine'));
    return spans.map(({ fromAt, toAt }, index) => ({ value: chosen[index]?.[0].device ?? '', fromAt, toAt, role }));
  };
  const spans = [...ofRole('primary'), ...ofRole('backup')];
  reportDoubleDuty(spans, place, context);
  return spans;
}

/** A device that is its own stand-in stands in for nothing. */
function reportDoubleDuty(spans: DeviceSpans, place: Place, context: ReadContext): void {
  for (const device of new Set(spans.map(({ value }) => value))) {
    const own = spans.filter(({ value }) => value === device).map((span) => ({ ...span, place }));
    const clash = overlaps(own).find(([later, earlier]) => later.role !== earlier.role);
    if (clash === undefined || device === '') continue;
    const message = `device \`${device}\` is primary and backup at the same time`;
    context.problems.problem(place, 'dated-overlap', { message, remedy: 'Name another device as the backup.' });
  }
}

function readRanges(entries: Draft<OutletEntry['ranges']>, place: Place, context: ReadContext): Outlet['ranges'] {
  const ranges = written(entries);
  for (const [signal, [low, high]] of Object.entries(ranges)) {
    readSignal(signal, at(place, signal), context);
    if (low < high) continue;
    const message = `the range of \`${signal}\` ends at ${high}, which is not above its begin ${low}`;
    context.problems.problem(at(place, signal), 'range-reversed', { message, remedy: 'Write it as [low, high].' });
  }
  return ranges;
}

function warnAboutRanges(outlet: Outlet, place: Place, context: ReadContext): void {
  for (const [signal, [, high]] of Object.entries(outlet.ranges)) {
    const most = Math.max(
      ...outlet.limits.filter((limit) => limit.signal === signal).map(({ max }) => max ?? -Infinity),
    );
    if (!(high < RANGE_OVER_LIMIT * most)) continue;
    const where =
      outlet.o2Reference === undefined ? '' : ' (the range is of the measured value, the limit of the converted one)';
    const message = `the range of \`${signal}\` ends at ${high}, below 1.5 × its limit ${most}${where}`;
    const remedy = 'Values over the range are lower bounds only: set the instrument to a wider range.';
    context.problems.warning(at(place, 'ranges', signal), 'range-narrow', { message, remedy });
  }
}

function readExcuse(entries: Draft<OutletEntry['excuse']>, place: Place, context: ReadContext): Outlet['excuse'] {
  const budget = (state: ExcusingState): ExcuseBudget => {
    const entry = entries?.[state];
    if (entry === undefined) return DEFAULT_BUDGET;
    const eachMs = readDuration(entry.each, at(place, state, 'each'), context, DEFAULT_BUDGET.eachMs);
    const yearMs = readDuration(entry.year, at(place, state, 'year'), context, DEFAULT_BUDGET.yearMs);
    if (eachMs > yearMs) {
      const message = `each ${state} may take longer (${entry.each ?? 'PT4H'}) than all of a year (${entry.year ?? 'PT60H'})`;
      context.problems.problem(at(place, state), 'budget-reversed', {
        message,
        remedy: 'Let `each` be `year` at most.',
      });
    }
    return { eachMs, yearMs };
  };
  return Object.fromEntries(EXCUSING_STATES.map((state) => [state, budget(state)])) as Record<
    ExcusingState,
    ExcuseBudget
  >;
}
