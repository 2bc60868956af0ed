/** A span of a line in which none of its meters changed what it says: the input of every rule about lines. */
import type { Order } from '../../contracts/order.ts';
import type { Line, Site } from '../../contracts/registry/registry.ts';
import type { Duty, DutyContext } from '../core/order-duty.ts';
import type { LineMeterPlan } from '../core/site-plan.ts';

/** `unknown`: no valid data; neither on nor off. */
export type Running = 'on' | 'off' | 'unknown';

export interface MeterSpan {
  readonly meter: LineMeterPlan;
  readonly running: Running;
  readonly powerKw: number | undefined;
  /** kW from which it counts as on; undefined = cannot be said yet. */
  readonly onKw: number | undefined;
}

export interface LineSpan {
  readonly site: Site;
  readonly line: Line;
  readonly start: number;
  readonly end: number;
  /** Any production meter on = on; all off = off. */
  readonly production: Running;
  readonly productionMeters: readonly MeterSpan[];
  readonly treatmentMeters: readonly MeterSpan[];
  /** Event time of the input that settled the span. */
  readonly at: number;
}

/** A span cut to where the duty does not change. */
export interface DutySpan {
  readonly span: LineSpan;
  readonly duty: Duty;
  readonly order: Order;
  readonly dutyContext: DutyContext;
}

/** kWh of the production meters that were heard. */
export function productionKwh(span: LineSpan): number {
  let sum = 0;
  for (const { powerKw } of span.productionMeters) sum += ((powerKw ?? 0) * (span.end - span.start)) / 3_600_000;
  return sum;
}
