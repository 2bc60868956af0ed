/** Orders 管控令: shutdowns and limits imposed for a time. Written through here they stand in the log. */
import { Type } from 'typebox';
import type { WireOrder } from '../../contracts/order.ts';
import type { StoredOrder } from '../../contracts/ports/detection-store.ts';
import { checkOrderReferences } from '../../contracts/registry/check-order-references.ts';
import { formatEntryProblem } from '../../contracts/registry/problem.ts';
import { OrderEntrySchema } from '../../contracts/registry/registry-file.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { resolveOrder } from '../../contracts/registry/resolve-order.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { API_ROOT } from '../http/link.ts';
import { sameText } from '../http/language.ts';
import { noSuch, Problem } from '../http/problem.ts';
import { ownsOrder, seesOrder } from '../order-reach.ts';
import type { OrderShelf, ShelvedOrder } from '../order-shelf.ts';
import { pageByKey, pageRequest } from '../pages.ts';
import { EXAMPLE_INSTANT, InstantText, nullable, PAGE_QUERY, pageOf } from '../shapes.ts';
import { visibleNames } from '../visible-sites.ts';
import { orderView } from './order-view.ts';

const TAG = 'orders';

const EnteredSchema = Type.Object(
  {
    source: Type.Enum(['registry', 'api']),
    at: nullable(InstantText),
    by: Type.String(),
  },
  { readOnly: true, description: 'where the order comes from; ignored when it is written' },
);
const OrderViewSchema = Type.Object(
  { ...OrderEntrySchema.properties, entered: EnteredSchema },
  { title: 'Order with its origin' },
);
/** An order that was read can be changed and written back as it is. */
const OrderBodySchema = Type.Object(
  { ...OrderEntrySchema.properties, entered: Type.Optional(Type.Unknown({ readOnly: true, description: 'ignored' })) },
  { title: 'Order to be written', additionalProperties: false },
);
type OrderBody = WireOrder & { readonly entered?: unknown };

const COLUMNS = [
  ...['id', 'kind', 'level', 'from', 'to', 'daily', 'servedAt', 'graceMinutes', 'reducePercent', 'document'],
  ...['scope.sites', 'scope.lines', 'scope.industries', 'scope.grades', 'scope.districts', 'exempt'],
  ...['entered.source', 'entered.at', 'entered.by'],
];

const ORDER_EXAMPLE = {
  id: '2026-R-017',
  kind: 'limit',
  level: 'orange',
  from: '2026-11-22T00:00:00+08:00',
  to: '2026-11-25T00:00:00+08:00',
  servedAt: '2026-11-21T20:00:00+08:00',
  graceMinutes: 120,
  scope: { lines: ['demo-cement/kiln-1'] },
  exempt: { guaranteed: true, grades: ['A'] },
  reducePercent: 50,
  document: '郑环文〔2026〕17号',
};
const VIEW_EXAMPLE = { ...ORDER_EXAMPLE, entered: { source: 'api', at: EXAMPLE_INSTANT, by: 'desk' } };

interface OrderContext {
  readonly deps: ApiDeps;
  readonly shelf: OrderShelf;
}

const refuse = (texts: readonly { readonly pointer: string; readonly text: string }[]): Problem =>
  new Problem('order-invalid', {
    detail: { zh: '管控令有误，见 errors', en: 'the order is not valid; see errors' },
    errors: texts.map(({ pointer, text }) => ({ pointer, detail: sameText(text) })),
  });

/** @throws Problem 422 with everything that is wrong, 403 where it reaches beyond the caller's districts */
function checkOrder(order: WireOrder, registry: Registry, caller: Caller): void {
  const resolved = resolveOrder(order, registry.time);
  if (!resolved.ok) throw refuse(resolved.error.map((text) => ({ pointer: '', text })));
  const unknown = checkOrderReferences(resolved.value, visibleNames(registry, caller));
  if (unknown.length > 0) {
    throw refuse(unknown.map((entry) => ({ pointer: `/${entry.path.join('/')}`, text: formatEntryProblem(entry) })));
  }
  requireOwn(order, registry, caller);
}

function requireOwn(order: WireOrder, registry: Registry, caller: Caller): void {
  if (ownsOrder(order, registry, caller)) return;
  throw new Problem('key-limited', {
    detail: {
      zh: '受限密钥只能下达仅涉及本分局企业、生产线的管控令',
      en: 'a key limited to districts may write only orders whose scope names sites, lines and districts of its own',
    },
  });
}

async function writeOrder({ deps, shelf }: OrderContext, order: WireOrder, caller: Caller): Promise<StoredOrder> {
  const stored: StoredOrder = { order, enteredAt: deps.now(), by: caller.name };
  await deps.log.append([{ kind: 'order', received: stored.enteredAt, body: JSON.stringify(order), by: caller.name }]);
  shelf.put(stored);
  return stored;
}

function withoutOrigin({ entered: _, ...order }: OrderBody): WireOrder {
  return order;
}

function listOrders({ deps, shelf }: OrderContext): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/orders',
    operation: 'listOrders',
    tag: TAG,
    summary: 'Orders of the registry and of the API, in the order of their ids',
    description:
      'A key limited to districts sees the orders that reach a site of its own, without the names of others.',
    query: Type.Object(PAGE_QUERY),
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'a page of orders',
      schema: pageOf(OrderViewSchema),
      example: { items: [VIEW_EXAMPLE], next: null },
    },
    answer: async ({ query, caller }) => {
      const registry = deps.registry();
      const visible = (await shelf.list()).filter(({ order }) => seesOrder(order, registry, caller));
      const page = pageByKey(visible, pageRequest(query), ({ order }) => order.id);
      const items = page.items.map((entry) => orderView(entry, registry, caller));
      return rows({ items, next: page.next, columns: COLUMNS });
    },
  });
}

async function requireOrder({ deps, shelf }: OrderContext, id: string, caller: Caller): Promise<ShelvedOrder> {
  const found = await shelf.find(id);
  if (found === undefined || !seesOrder(found.order, deps.registry(), caller)) throw noSuch('管控令', 'order', id);
  return found;
}

const OrderParams = Type.Object({ id: Type.String({ examples: ['2026-R-017'] }) });

function getOrder(context: OrderContext): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/orders/:id',
    operation: 'getOrder',
    tag: TAG,
    summary: 'One order',
    params: OrderParams,
    success: { status: 200, description: 'the order', schema: OrderViewSchema, example: VIEW_EXAMPLE },
    problems: ['not-found'],
    answer: async ({ params, caller }) => {
      const found = await requireOrder(context, params.id, caller);
      return json(orderView(found, context.deps.registry(), caller));
    },
  });
}

function postOrder(context: OrderContext): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/v1/orders',
    operation: 'createOrder',
    tag: TAG,
    summary: 'Enters an order',
    description: 'Answered once the order is durable in the log; findings follow from there.',
    body: OrderBodySchema,
    bodyExample: ORDER_EXAMPLE,
    success: {
      status: 201,
      description: 'the order stands',
      schema: OrderViewSchema,
      example: VIEW_EXAMPLE,
      headers: { location: 'path of the order' },
    },
    problems: ['order-exists', 'order-invalid', 'key-limited', 'unavailable'],
    answer: async ({ body, caller }) => {
      const registry = context.deps.registry();
      const order = withoutOrigin(body);
      checkOrder(order, registry, caller);
      if ((await context.shelf.find(order.id)) !== undefined) {
        throw new Problem('order-exists', {
          detail: {
            zh: `管控令 ${order.id} 已存在；修改或解除请用 PUT`,
            en: `order ${order.id} exists; change or lift it with PUT`,
          },
        });
      }
      const stored = await writeOrder(context, order, caller);
      const location = `${API_ROOT}/orders/${encodeURIComponent(order.id)}`;
      return json(orderView({ ...stored, source: 'api' }, registry, caller), 201, { location });
    },
  });
}

function putOrder(context: OrderContext): Endpoint {
  return endpoint({
    method: 'PUT',
    path: '/api/v1/orders/:id',
    operation: 'replaceOrder',
    tag: TAG,
    summary: 'Replaces an order; an order is lifted by setting `to`',
    description: 'An order of the registry can be replaced too: what was entered here stands from then on.',
    params: OrderParams,
    body: OrderBodySchema,
    bodyExample: ORDER_EXAMPLE,
    success: { status: 200, description: 'the order as it now stands', schema: OrderViewSchema, example: VIEW_EXAMPLE },
    problems: ['not-found', 'order-invalid', 'key-limited', 'unavailable'],
    answer: async ({ params, body, caller }) => {
      const registry = context.deps.registry();
      const before = await requireOrder(context, params.id, caller);
      requireOwn(before.order, registry, caller);
      const order = withoutOrigin(body);
      if (order.id !== params.id)
        throw refuse([{ pointer: '/id', text: `the body says ${order.id}, the path ${params.id}` }]);
      checkOrder(order, registry, caller);
      const stored = await writeOrder(context, order, caller);
      return json(orderView({ ...stored, source: 'api' }, registry, caller));
    },
  });
}

export function orderEndpoints(deps: ApiDeps, shelf: OrderShelf): readonly Endpoint[] {
  const context = { deps, shelf };
  return [listOrders(context), getOrder(context), postOrder(context), putOrder(context)];
}
