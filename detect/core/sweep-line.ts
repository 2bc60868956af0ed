/** Settled spans of a line go to the rules about treatment and orders. */
import { DAY_MS } from '../../contracts/time/instant.ts';
import type { LineSigns, LineSpan, MeterSpan, Running } from '../rules/line-span.ts';
import { initialOrderLineState, stepOrderLine, type OrderContexts } from '../rules/order-line.ts';
import { orderShutdown } from '../rules/order.shutdown.ts';
import { orderUnproven } from '../rules/order.unproven.ts';
import { initialTreatmentState, stepTreatment, treatmentOff } from '../rules/treatment.off.ts';
import { deviceReachMs } from './covered-time.ts';
import { lineState, type EventState, type LineState } from './event-state.ts';
import { onThreshold } from './meter-power.ts';
import type { Scribe } from './scribe.ts';
import type { LineMeterPlan, LinePlan, SitePlan } from './site-plan.ts';
import { sweep, type Said } from './timeline.ts';

interface LineStream {
  readonly plan: SitePlan;
  readonly state: EventState;
  readonly scribe: Scribe;
}

function meterSpan(state: EventState, meter: LineMeterPlan, powerKw: Said): MeterSpan {
  const memory = state.meters[meter.device.id];
  const onKw = memory === undefined ? meter.on : onThreshold(memory, meter);
  const running: Running = powerKw === undefined || onKw === undefined ? 'unknown' : powerKw >= onKw ? 'on' : 'off';
  return { meter, running, powerKw, onKw };
}

/** Any meter on = on; otherwise unknown while one is silent. A line without production meters is unknown. */
function productionOf(meters: readonly MeterSpan[]): Running {
  if (meters.some((meter) => meter.running === 'on')) return 'on';
  return meters.length === 0 || meters.some((meter) => meter.running === 'unknown') ? 'unknown' : 'off';
}

/** A sign waits for the slowest of these at most. */
const LONGEST_WAIT_MS = 3 * DAY_MS;

/** How far camera and stack have said all that they will say about production. */
function signsSettledTo(stream: LineStream, plan: LinePlan, now: number): number {
  let settled = now;
  for (const id of plan.signs) {
    const device = stream.plan.site.devices.get(id);
    if (device === undefined) continue;
    const decided = stream.state.tracks[id]?.decidedTo ?? Number.NEGATIVE_INFINITY;
    settled = Math.min(settled, Math.max(decided, now - deviceReachMs(stream.state.tracks, device, now)));
  }
  return settled;
}

function stepLine(stream: LineStream, plan: LinePlan, state: LineState, span: LineSpan): void {
  const { scribe } = stream;
  for (const own of span.treatmentMeters) {
    const treatment = (state.treatment[own.meter.device.id] ??= initialTreatmentState());
    stepTreatment(treatment, span, own, scribe.context(treatmentOff));
  }
  if (stream.plan.orders.length === 0 || plan.productionCount === 0) return;
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

/** Hands on the spans of a line that every meter has decided by stream time `now`. */
export function sweepLine(stream: LineStream, plan: LinePlan, now: number): void {
  if (plan.meters.length === 0) return;
  const state = lineState(stream.state, plan.line.id, plan.meters.length);
  // A line none of whose meters was ever heard is silent from the first look on.
  state.timeline.doneTo ??= now;
  const reach = (member: number): number => {
    const device = plan.meters[member]?.device;
    return device === undefined ? 0 : deviceReachMs(stream.state.tracks, device, now);
  };
  const signs: LineSigns = { spans: state.signs, settledTo: signsSettledTo(stream, plan, now) };
  sweep(state.timeline, now, reach, (start, end, said) => {
    const meters = plan.meters.map((meter, member) => meterSpan(stream.state, meter, said[member]));
    const productionMeters = meters.slice(0, plan.productionCount);
    stepLine(stream, plan, state, {
      site: stream.plan.site,
      line: plan.line,
      start,
      end,
      production: productionOf(productionMeters),
      productionMeters,
      treatmentMeters: meters.slice(plan.productionCount),
      signs,
      at: now,
    });
  });
  const oldest = (state.timeline.doneTo ?? now) - LONGEST_WAIT_MS;
  while (state.signs.length > 0 && (state.signs[0] as [number, number])[1] <= oldest) state.signs.shift();
}
