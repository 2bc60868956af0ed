/** Settled spans of a line go to the rules about treatment and orders. */
import type { LineSpan, MeterSpan, Running } from '../rules/line-span.ts';
import { initialOrderLineState, stepOrderLine, type OrderContexts } from '../rules/order-line.ts';
import { orderShutdown } from '../rules/order.shutdown.ts';
import { orderUnproven } from '../rules/order.unproven.ts';
import { initialTreatmentState, stepTreatment, treatmentOff } from '../rules/treatment.off.ts';
import { reachMs } from './covered-time.ts';
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

/** At least half of the span is spoken for by a camera or the stack. */
function hasSign(state: LineState, start: number, end: number): boolean {
  while (state.signs.length > 0 && (state.signs[0] as [number, number])[1] <= start) state.signs.shift();
  let covered = 0;
  for (const [from, to] of state.signs) {
    if (from >= end) break;
    covered += Math.max(0, Math.min(to, end) - Math.max(from, start));
  }
  return covered * 2 >= end - start;
}

function stepLine(stream: LineStream, plan: LinePlan, state: LineState, span: LineSpan): void {
  const { scribe } = stream;
  for (const own of span.treatmentMeters) {
    const treatment = (state.treatment[own.meter.device.id] ??= initialTreatmentState());
    stepTreatment(treatment, span, own, scribe.context(treatmentOff));
  }
  if (stream.plan.orders.length === 0 || plan.productionCount === 0) return;
  const contexts: OrderContexts = { production: scribe.context(orderShutdown), unproven: scribe.context(orderUnproven) };
  for (const order of stream.plan.orders) {
    const before = state.orders[order.id];
    // Long before its begin or after its end an order has nothing to say.
    if (span.end <= order.fromAt || (span.start >= order.toAt && before === undefined)) continue;
    const orderState = before ?? (state.orders[order.id] = initialOrderLineState());
    stepOrderLine(orderState, span, { order, site: stream.plan.site, line: plan.line, time: stream.plan.time }, contexts);
    if (span.start >= order.toAt) Reflect.deleteProperty(state.orders, order.id);
  }
}

/** Hands on the spans of a line that every meter has decided by stream time `now`. */
export function sweepLine(stream: LineStream, plan: LinePlan, now: number): void {
  const state = lineState(stream.state, plan.line.id, plan.meters.length);
  const reach = (member: number): number => {
    const device = plan.meters[member]?.device;
    const track = device === undefined ? undefined : stream.state.tracks[device.id];
    if (device === undefined) return 0;
    return track === undefined ? 1.5 * device.everyMs : reachMs(track, device.everyMs);
  };
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
      hasSign: plan.signs.length > 0 && hasSign(state, start, end),
      at: now,
    });
  });
}
