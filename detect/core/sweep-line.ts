/** Settled spans of a line go to the rules about treatment and orders. */
import type { Order } from '../../contracts/order.ts';
import type { DutyContext } from './order-duty.ts';
import type { LineSpan, MeterSpan, Running } from '../rules/line-span.ts';
import type { ToldSpan } from './line-words.ts';
import { closeEnergy } from '../rules/order-energy.ts';
import { initialOrderLineState, stepOrderLine, stepOrderTold } from '../rules/order-line.ts';
import { orderContradiction } from '../rules/order.contradiction.ts';
import { orderShutdown } from '../rules/order.shutdown.ts';
import { orderUnproven } from '../rules/order.unproven.ts';
import { stepIdle, treatmentIdle } from '../rules/treatment.idle.ts';
import { initialTreatmentState, stepTreatment, treatmentOff } from '../rules/treatment.off.ts';
import type { BoundLine } from './bound-parts.ts';
import { closeLineHour, energyWatch } from './close-line-hour.ts';
import { dropWords, joinTold, noteRun, waitForSigns } from './join-told.ts';
import { addToHours, addWithinHour } from './line-hours.ts';
import { onThreshold } from './meter-power.ts';
import type { SiteStream } from './site-stream.ts';
import { sweepDampers } from './sweep-damper.ts';
import { endTrucks } from './sweep-gate.ts';
import { sweep, type Said } from './timeline.ts';

function meterSpan(line: BoundLine, member: number, powerKw: Said): MeterSpan {
  const meter = line.plan.meters[member] as MeterSpan['meter'];
  const memory = line.members[member]?.memory;
  const onKw = memory === undefined ? meter.on : onThreshold(memory, meter);
  const running: Running = powerKw === undefined || onKw === undefined ? 'unknown' : powerKw >= onKw ? 'on' : 'off';
  return { meter, running, powerKw, onKw };
}

/** Any meter on = on; otherwise unknown while one is silent. A line without production meters is unknown. */
function productionOf(meters: readonly MeterSpan[]): Running {
  let isUnknown = meters.length === 0;
  for (const { running } of meters) {
    if (running === 'on') return 'on';
    if (running === 'unknown') isUnknown = true;
  }
  return isUnknown ? 'unknown' : 'off';
}

function dutyContextOf({ plan }: SiteStream, line: BoundLine, order: Order): DutyContext {
  return { order, site: plan.site, line: line.plan.line, time: plan.time };
}

function stepOrders(stream: SiteStream, line: BoundLine, span: LineSpan): void {
  const { orders, watch } = line.state;
  const context = stream.scribe.context(orderShutdown);
  let isWatched = false;
  for (const order of stream.plan.orders) {
    const before = orders[order.id];
    // Long before its begin or after its end an order has nothing to say.
    if (span.end <= order.fromAt || (span.start >= order.toAt && before === undefined)) continue;
    isWatched = true;
    const state = before ?? (orders[order.id] = initialOrderLineState());
    stepOrderLine(state, span, dutyContextOf(stream, line, order), context);
  }
  if (isWatched) waitForSigns(watch.waiting, span);
}

function stepTold(stream: SiteStream, line: BoundLine, span: ToldSpan): void {
  const { orders } = line.state;
  const contexts = {
    unproven: stream.scribe.context(orderUnproven),
    contradiction: stream.scribe.context(orderContradiction),
  };
  for (const order of stream.plan.orders) {
    const state = orders[order.id];
    if (state === undefined || span.end <= order.fromAt) continue;
    stepOrderTold(state, span, dutyContextOf(stream, line, order), contexts);
    if (span.start < order.toAt) continue;
    closeEnergy(state.energy, energyWatch(stream, line, order), order.toAt);
    Reflect.deleteProperty(orders, order.id);
  }
}

function stepHours(stream: SiteStream, line: BoundLine, span: LineSpan): void {
  const { hour } = line.state.watch;
  if (addWithinHour(hour, span)) return;
  addToHours(hour, span, stream.plan.time, {
    registersOf: (member) => line.members[member]?.memory?.hourRegisters,
    each: (closed) => {
      closeLineHour(stream, line, closed, span.at);
    },
  });
}

function stepTreatments(stream: SiteStream, { state, stages }: BoundLine, span: LineSpan): void {
  const context = stream.scribe.context(treatmentOff);
  for (const own of span.treatmentMeters) {
    const treatment = (state.treatment[own.meter.device.id] ??= initialTreatmentState());
    stepTreatment(treatment, span, own, context);
  }
  const idleContext = stream.scribe.context(treatmentIdle);
  for (const { members, idle } of stages) stepIdle(idle, span, members, idleContext);
}

function stepLine(stream: SiteStream, line: BoundLine, span: LineSpan): void {
  if (span.treatmentMeters.length > 0) stepTreatments(stream, line, span);
  if (line.plan.productionCount === 0) return;
  stepHours(stream, line, span);
  noteRun(line.state.watch.runs, span);
  if (stream.plan.orders.length > 0) stepOrders(stream, line, span);
}

/** Joins what the meters have settled under an order with what camera, stack and gate have said by now. */
export function joinSigns(stream: SiteStream, line: BoundLine, now: number): void {
  if (stream.plan.orders.length === 0) return;
  if (line.state.watch.waiting.length > 0) {
    joinTold(line, now, stream.plan.time, (span) => {
      stepTold(stream, line, span);
    });
  }
  dropWords(line);
}

/** Hands on the spans of a line that every meter has decided by stream time `now`. */
export function sweepLine(stream: SiteStream, line: BoundLine, now: number): void {
  const { plan, state } = line;
  const { timeline } = state;
  if (stream.plan.orders.length > 0) endTrucks(stream, line, now);
  if (plan.meters.length === 0) return;
  // A line none of whose meters was ever heard is silent from the first look on.
  timeline.doneTo ??= now;
  sweep(timeline, now, line.members, (start, end, said) => {
    const productionMeters: MeterSpan[] = [];
    const treatmentMeters: MeterSpan[] = [];
    for (let member = 0; member < said.length; member += 1) {
      const meters = member < plan.productionCount ? productionMeters : treatmentMeters;
      meters.push(meterSpan(line, member, said[member]));
    }
    stepLine(stream, line, {
      site: stream.plan.site,
      line: plan.line,
      start,
      end,
      production: productionOf(productionMeters),
      productionMeters,
      treatmentMeters,
      at: now,
    });
  });
  sweepDampers(stream, line, now);
  joinSigns(stream, line, now);
}
