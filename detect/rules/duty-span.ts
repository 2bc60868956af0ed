import type { Order } from '../../contracts/order.ts';
import type { Duty, DutyContext } from '../core/order-duty.ts';
import type { LineSpan } from './line-span.ts';

/** A span cut to where the duty does not change. */
export interface DutySpan {
  readonly span: LineSpan;
  readonly duty: Duty;
  readonly order: Order;
  readonly dutyContext: DutyContext;
}
