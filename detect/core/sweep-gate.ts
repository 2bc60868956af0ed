/** Covered spans of gates go to the lines that may have no trucks under an order. */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import type { Order } from '../../contracts/order.ts';
import type { Line } from '../../contracts/registry/registry.ts';
import { closeTrucks, initialTrucksState, orderTrucks, stepTrucks, type GateSpan } from '../rules/order.trucks.ts';
import type { BoundDevice, BoundLine } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import { truckReading } from './line-signs.ts';
import { dutyAt } from './order-duty.ts';
import type { SiteStream } from './site-stream.ts';

/** A gate's last word on the order may come this much after its end. */
const LATE_MS = 2 * HOUR_MS;

/** Only plans ask for no trucks. */
function mayForbidTrucks(order: Order, line: Line): boolean {
  if (order.kind !== 'plan') return false;
  return line.plan.some(({ level, measure }) => level === order.level && measure === 'no-trucks');
}

function gateSpan(device: string, { start, end, readings }: Segment): GateSpan {
  const trucksIn = truckReading(readings, 'trucks-in');
  const trucksOut = truckReading(readings, 'trucks-out');
  const hasSignal = (name: string): boolean => readings.some(({ signal }) => signal === name);
  const isDoubtful =
    (trucksIn === undefined && hasSignal('trucks-in')) || (trucksOut === undefined && hasSignal('trucks-out'));
  return { device, start, end, trucksIn, trucksOut, isDoubtful, at: end };
}

export function stepGate(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  const { orders, site, time } = stream.plan;
  if (orders.length === 0 || segment.readings.length === 0) return;
  for (const order of orders) {
    if (order.kind !== 'plan' || order.fromAt >= segment.end || order.toAt <= segment.start - LATE_MS) continue;
    for (const { plan, state } of device.signOf) {
      if (!mayForbidTrucks(order, plan.line)) continue;
      const trucks = (state.watch.trucks[order.id] ??= initialTrucksState());
      const dutyContext = { order, site, line: plan.line, time };
      const watch = { dutyContext, context: stream.scribe.context(orderTrucks) };
      stepTrucks(trucks, gateSpan(device.id, segment), dutyAt(dutyContext, segment.start), watch);
    }
  }
}

/** Orders that are over have no more to say, whether the gates go on or not. */
export function endTrucks(stream: SiteStream, line: BoundLine, now: number): void {
  const { trucks } = line.state.watch;
  for (const id in trucks) {
    const order = stream.plan.orders.find((candidate) => candidate.id === id);
    if (order === undefined || now < order.toAt + LATE_MS) continue;
    const { site, time } = stream.plan;
    const state = trucks[id];
    if (state !== undefined)
      closeTrucks(state, {
        dutyContext: { order, site, line: line.plan.line, time },
        context: stream.scribe.context(orderTrucks),
      });
    Reflect.deleteProperty(trucks, id);
  }
}
