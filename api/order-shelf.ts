/**
 * Every order 管控令 that stands: those of the registry files and those entered through the API, the latter on top.
 * An order is in the log before it is in the read model: until then it is kept here, so that whoever wrote it reads it.
 */
import type { Order, WireOrder } from '../contracts/order.ts';
import type { StoredOrder } from '../contracts/ports/detection-store.ts';
import { resolveOrder } from '../contracts/registry/resolve-order.ts';
import { MINUTE_MS } from '../contracts/time/instant.ts';
import type { LocalTime } from '../contracts/time/local-time.ts';
import type { ApiDeps } from './deps.ts';

export interface ShelvedOrder {
  readonly order: WireOrder;
  readonly source: 'registry' | 'api';
  readonly enteredAt: number | undefined;
  readonly by: string;
}

export interface OrderShelf {
  list(): Promise<readonly ShelvedOrder[]>;
  find(id: string): Promise<ShelvedOrder | undefined>;
  /** Orders whose span holds the instant; the hours of `daily` are not looked at. */
  inForce(at: number): Promise<readonly ShelvedOrder[]>;
  /** To be called once the order is durable in the log. */
  put(stored: StoredOrder): void;
}

/** Kept at most until the read model shows them; whoever is behind so far has other worries. */
const MOST_PENDING = 1_000;

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const clockTime = (minute: number): string => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;

/** An order of the registry in the form in which orders are written. */
function toWireOrder(order: Order, time: LocalTime): WireOrder {
  const { guaranteed, ...exempt } = order.exempt;
  const lists = (scope: Order['scope']): WireOrder['scope'] => ({
    sites: [...scope.sites],
    lines: [...scope.lines],
    industries: [...scope.industries],
    grades: [...scope.grades] as NonNullable<WireOrder['scope']['grades']>,
    districts: [...scope.districts],
  });
  return {
    id: order.id,
    kind: order.kind,
    level: order.level,
    from: time.format(order.fromAt),
    to: Number.isFinite(order.toAt) ? time.format(order.toAt) : null,
    daily: order.daily === undefined ? null : [clockTime(order.daily.fromMinute), clockTime(order.daily.toMinute)],
    servedAt: order.servedAt === undefined ? null : time.format(order.servedAt),
    graceMinutes: order.graceMs / MINUTE_MS,
    scope: lists(order.scope),
    exempt: { ...lists(exempt), guaranteed },
    ...(order.reducePercent === undefined ? {} : { reducePercent: order.reducePercent }),
    ...(order.document === undefined ? {} : { document: order.document }),
  };
}

function holds(order: WireOrder, at: number, time: LocalTime): boolean {
  const resolved = resolveOrder(order, time);
  return resolved.ok && at >= resolved.value.fromAt && at < resolved.value.toAt;
}

export function createOrderShelf({ readModel, registry }: Pick<ApiDeps, 'readModel' | 'registry'>): OrderShelf {
  const pending = new Map<string, StoredOrder>();

  const readStored = async (): Promise<ReadonlyMap<string, StoredOrder>> => {
    const stored = new Map((await readModel.orders()).map((entry) => [entry.order.id, entry]));
    for (const [id, entry] of pending) {
      if ((stored.get(id)?.enteredAt ?? -Infinity) >= entry.enteredAt) pending.delete(id);
      else stored.set(id, entry);
    }
    return stored;
  };
  const readAll = async (): Promise<ReadonlyMap<string, ShelvedOrder>> => {
    const { orders, time } = registry();
    const all = new Map<string, ShelvedOrder>();
    for (const order of orders) {
      all.set(order.id, { order: toWireOrder(order, time), source: 'registry', enteredAt: undefined, by: 'registry' });
    }
    for (const [id, { order, enteredAt, by }] of await readStored())
      all.set(id, { order, source: 'api', enteredAt, by });
    return all;
  };

  return {
    list: async () => [...(await readAll()).values()],
    find: async (id) => (await readAll()).get(id),
    inForce: async (at) => {
      const { time } = registry();
      return [...(await readAll()).values()].filter(({ order }) => holds(order, at, time));
    },
    put: (stored) => {
      pending.set(stored.order.id, stored);
      const oldest = pending.keys().next();
      if (pending.size > MOST_PENDING && oldest.done !== true) pending.delete(oldest.value);
    },
  };
}
