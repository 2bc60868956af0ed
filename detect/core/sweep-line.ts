/** Settled spans of a line go to the rules about treatment and orders. */
import { DAY_MS } from '../../contracts/time/instant.ts';
import type { LineSigns, LineSpan, MeterSpan, Running } from '../rules/line-span.ts';
import { initialOrderLineState, stepOrderLine, type OrderContexts } from '../rules/order-line.ts';
import { orderShutdown } from '../rules/order.shutdown.ts';
import { orderUnproven } from '../rules/order.unproven.ts';
import { initialTreatmentState, stepTreatment, treatmentOff } from '../rules/treatment.off.ts';
import type { BoundLine } from './bound-site.ts';
import { reachMs } from './covered-time.ts';
import type { EventState } from './event-state.ts';
import { onThreshold } from './meter-power.ts';
import type { Scribe } from './scribe.ts';
import type { SitePlan } from './site-plan.ts';
import { sweep, type Said } from './timeline.ts';

interface LineStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}

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

/** A sign waits for the slowest of these at most. */
const LONGEST_WAIT_MS = 3 * DAY_MS;
const NO_SIGNS: LineSigns = { spans: [], settledTo: Number.NEGATIVE_INFINITY };

/** How far camera and stack have said all that they will say about production. */
function signsSettledTo(line: BoundLine, now: number): number {
  let settled = now;
  for (const { track, everyMs } of line.signs) {
    const decided = track.decidedTo ?? Number.NEGATIVE_INFINITY;
    settled = Math.min(settled, Math.max(decided, now - reachMs(track, everyMs, now)));
  }
  return settled;
}

function stepOrders(stream: LineStream, { plan, state }: BoundLine, span: LineSpan): void {
  const { scribe } = stream;
  const contexts: OrderContexts = {
    production: scribe.context(orderShutdown),
    unproven: scribe.context(orderUnproven),
  };
  for (const order of stream.plan.orders) {
    const before = state.orders[order.id];
    // Long before its begin or after its end an order has nothing to say.
    if (span.end <= order.fromAt || (span.start >= order.toAt && before === undefined)) continue;
    const orderState = before ?? (state.orders[order.id] = initialOrderLineState());
    stepOrderLine(
      orderState,
      span,
      { order, site: stream.plan.site, line: plan.line, time: stream.plan.time },
      contexts,
    );
    const isOver = span.start >= order.toAt && orderState.unproven.waiting.length === 0;
    if (isOver) Reflect.deleteProperty(state.orders, order.id);
  }
}

function stepLine(stream: LineStream, line: BoundLine, span: LineSpan): void {
  const { plan, state } = line;
  const context = stream.scribe.context(treatmentOff);
  for (const own of span.treatmentMeters) {
    const treatment = (state.treatment[own.meter.device.id] ??= initialTreatmentState());
    stepTreatment(treatment, span, own, context);
  }
  if (stream.plan.orders.length > 0 && plan.productionCount > 0) stepOrders(stream, line, span);
}

/** Hands on the spans of a line that every meter has decided by stream time `now`. */
export function sweepLine(stream: LineStream, line: BoundLine, now: number): void {
  const { plan, state } = line;
  const { timeline } = state;
  if (plan.meters.length === 0) return;
  // A line none of whose meters was ever heard is silent from the first look on.
  timeline.doneTo ??= now;
  const hasOrders = stream.plan.orders.length > 0;
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
      signs: hasOrders ? { spans: state.signs, settledTo: signsSettledTo(line, now) } : NO_SIGNS,
      at: now,
    });
  });
  if (state.signs.length === 0) return;
  const oldest = timeline.doneTo - LONGEST_WAIT_MS;
  while (state.signs.length > 0 && (state.signs[0] as [number, number])[1] <= oldest) state.signs.shift();
}
