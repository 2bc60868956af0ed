/** Registry versions, orders and marks as they arrive in the log: what changes for which site, from when on. */
import type { MarkRecord, OrderRecord, RegistryRecord } from '../../contracts/log-record.ts';
import { Compile } from 'typebox/compile';
import {
  MarkSchema,
  OrderSchema,
  type Mark,
  type Order,
  type WireMark,
  type WireOrder,
} from '../../contracts/order.ts';
import { readRegistryOnce } from '../../contracts/registry/read-registry-once.ts';
import type { Registry, Site } from '../../contracts/registry/registry.ts';
import { resolveMark } from '../../contracts/registry/resolve-mark.ts';
import { resolveOrder } from '../../contracts/registry/resolve-order.ts';
import { count, type Outputs } from './outputs.ts';

const orderForm = Compile(OrderSchema);
const markForm = Compile(MarkSchema);

/** What was entered besides the registry. Part of checkpoints, as the text it was entered with. */
export interface Entered {
  orders: { readonly body: string; readonly by: string; readonly at: number }[];
  marks: { readonly body: string; readonly by: string; readonly at: number }[];
}

export function initialEntered(): Entered {
  return { orders: [], marks: [] };
}

/** The registry of a record; undefined (and counted) where it does not read: whoever appended it had checked it. */
export function registryOf(record: RegistryRecord, outputs: Outputs): Registry | undefined {
  const { registry } = readRegistryOnce(record.files);
  if (registry === undefined) count(outputs, 'registry_refused');
  return registry;
}

function parseOrder(body: string): WireOrder | undefined {
  const wire: unknown = JSON.parse(body);
  return orderForm.Check(wire) ? wire : undefined;
}

function parseMark(body: string): WireMark | undefined {
  const wire: unknown = JSON.parse(body);
  return markForm.Check(wire) ? wire : undefined;
}

/** The newest form of every entered order, beside the registry's; the same id again replaces. */
export function ordersInForce(registry: Registry, entered: Entered): readonly Order[] {
  const orders = new Map<string, Order>(registry.orders.map((order) => [order.id, order]));
  for (const { body } of entered.orders) {
    const wire = parseOrder(body);
    const order = wire === undefined ? undefined : resolveOrder(wire, registry.time);
    if (order?.ok === true) orders.set(order.value.id, order.value);
  }
  return [...orders.values()];
}

export function marksInForce(registry: Registry, entered: Entered): readonly Mark[] {
  const marks = [...registry.marks];
  for (const { body, by, at } of entered.marks) {
    const wire = parseMark(body);
    const mark =
      wire === undefined ? undefined : resolveMark(wire, registry.time, { declaredAt: at, accepted: true, by });
    if (mark?.ok === true) marks.push(mark.value);
  }
  return marks;
}

/** Notes an entered order; the wire form, or undefined where it is none. */
export function enterOrder(entered: Entered, record: OrderRecord, outputs: Outputs): WireOrder | undefined {
  const order = parseOrder(record.body);
  if (order === undefined) return undefined;
  entered.orders = entered.orders.filter((other) => parseOrder(other.body)?.id !== order.id);
  entered.orders.push({ body: record.body, by: record.by, at: record.received });
  outputs.orders.push({ order, enteredAt: record.received, by: record.by });
  return order;
}

/** Name of a mark: site, subject, state and begin. */
function markId(mark: WireMark): string {
  return [mark.site, mark.outlet ?? '', mark.line ?? '', mark.device ?? '', mark.state, mark.from].join('|');
}

export function enterMark(entered: Entered, record: MarkRecord, outputs: Outputs): WireMark | undefined {
  const mark = parseMark(record.body);
  if (mark === undefined) return undefined;
  const id = markId(mark);
  entered.marks = entered.marks.filter((other) => markId(parseMark(other.body) ?? mark) !== id);
  entered.marks.push({ body: record.body, by: record.by, at: record.received });
  outputs.marks.push({ id, mark, declaredAt: record.received, accepted: true, by: record.by });
  return mark;
}

/** Everything of a site that findings depend on, as text. */
export function sitePrint(site: Site): string {
  return JSON.stringify(site, (_key, value: unknown) =>
    value instanceof Map
      ? [...(value as Map<unknown, unknown>).entries()]
      : typeof value === 'number' && !Number.isFinite(value)
        ? String(value)
        : value,
  );
}
