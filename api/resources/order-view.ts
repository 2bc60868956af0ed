/** An order with its origin, as a caller may see it. */
import type { WireOrder } from '../../contracts/order.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import type { Caller } from '../caller.ts';
import { trimOrder } from '../order-reach.ts';
import type { ShelvedOrder } from '../order-shelf.ts';

export type OrderView = WireOrder & {
  readonly entered: { readonly source: 'registry' | 'api'; readonly at: string | null; readonly by: string };
};

export function orderView(
  { order, source, enteredAt, by }: ShelvedOrder,
  registry: Registry,
  caller: Caller,
): OrderView {
  const at = enteredAt === undefined ? null : registry.time.format(enteredAt);
  return { ...trimOrder(order, registry, caller), entered: { source, at, by } };
}
