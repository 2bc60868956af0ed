/** A clock hour of a line is complete: what is usual is learned from it, and orders to reduce are judged. */
import type { Order } from '../../contracts/order.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { initialOrderLineState } from '../rules/order-line.ts';
import { learnHour } from '../rules/order-baseline.ts';
import type { EnergyWatch } from '../rules/order-balance.ts';
import { stepEnergy } from '../rules/order-energy.ts';
import { orderLimit } from '../rules/order.limit.ts';
import type { BoundLine } from './bound-parts.ts';
import { VALID_HOUR_MS, type LineHour } from './line-hours.ts';
import { reachesAnyLine } from './orders-near.ts';
import type { SiteStream } from './site-stream.ts';
import { saidInHour } from './usual-work.ts';

export function energyWatch(stream: SiteStream, line: BoundLine, order: Order): EnergyWatch {
  const { site, time } = stream.plan;
  return {
    dutyContext: { order, site, line: line.plan.line, time },
    history: line.state.watch.baseline,
    context: stream.scribe.context(orderLimit),
  };
}

/** While the line is known to stand, outside orders: which devices show production all the same? */
function learnTrust(stream: SiteStream, line: BoundLine, start: number): void {
  const { trust } = line.state.watch;
  for (const { device } of line.sources) {
    const heard = stream.state.devices[device]?.heard;
    const said = heard === undefined ? undefined : saidInHour(heard, start);
    if (said === undefined) continue;
    const counts = (trust[device] ??= [0, 0]);
    counts[0] += 1;
    if (said) counts[1] += 1;
    // Half a month of standing hours; what was longer ago counts half.
    if (counts[0] >= 360) trust[device] = [counts[0] / 2, counts[1] / 2];
  }
}

/** @param at event time of the input that completed the hour */
export function closeLineHour(stream: SiteStream, line: BoundLine, hour: LineHour, at: number): void {
  const { plan } = stream;
  const { watch, orders } = line.state;
  const isFree = plan.orders.length === 0 || !reachesAnyLine(plan, [line], hour.start, hour.end);
  learnHour(watch.baseline, { start: hour.start, kWh: hour.kWh, isFree }, plan.time);
  // Means of the hour come after the meters: the hour before is the last of which all have spoken.
  if (watch.stoodAt !== null && watch.stoodAt === hour.start - HOUR_MS) learnTrust(stream, line, watch.stoodAt);
  watch.stoodAt = isFree && hour.onMs === 0 && hour.offMs >= VALID_HOUR_MS ? hour.start : null;
  for (const order of plan.orders) {
    const isNear = order.fromAt < hour.end && order.toAt > hour.start;
    const before = orders[order.id];
    if (before === undefined && !isNear) continue;
    const state = before ?? (orders[order.id] = initialOrderLineState());
    stepEnergy(state.energy, hour, energyWatch(stream, line, order), at);
  }
}
