/** Days and other periods longer than an hour: hours go into them, and they are closed and judged. */
import type { Average } from '../../contracts/registry/registry.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { closeOwnDay } from '../means/close-period.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
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
import { isGas, isOn, type Closing } from './closing.ts';
import { record } from './judge-limits.ts';
import type { OutletPlan } from './site-plan.ts';

function longAverages(outlet: OutletPlan): readonly Average[] {
  return [DAY, ...outlet.longAverages.filter((average) => average.ms !== DAY_MS)];
}

export function addToLongPeriods(closing: Closing, hour: JudgedPeriod): void {
  const { plan, outlet, stream } = closing;
  for (const average of longAverages(outlet)) {
    const limited = outlet.limits.some((limit) => limit.signal === hour.signal && isOn(limit, average.text));
    if (!limited && !(average === DAY && isGas(plan, hour.signal))) continue;
    const cell = (stream.means.longs[`${average.text}|${hour.signal}`] ??= createLongCell());
    addHour(cell, longStart(plan.time, average, hour.start), hour, outlet.outlet.o2Reference !== undefined);
  }
}

/** A signal of which the device sent the day's mean and nothing finer has its day as well. */
export function addOwnDays(closing: Closing, dayStart: number): void {
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

export function closeLongPeriods(closing: Closing, at: number): void {
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
