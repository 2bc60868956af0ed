/** A shutdown or limit imposed for a time (order 管控令), and a declared state (mark 标记). */
import { Type, type Static } from 'typebox';
import { MarkStateSchema } from './report.ts';

export const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });
const Instant = Type.String({ description: 'RFC 3339 with offset, or a date (local midnight)' });
export const ORDER_KINDS = ['shutdown', 'limit', 'plan'] as const;
export const ORDER_LEVELS = ['yellow', 'orange', 'red', 'staggered', 'penalty', 'other'] as const;
export const GRADES = ['A', 'B', 'C', 'D', 'leading', 'none'] as const;

export const OrderSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 127, pattern: '^[^\\s/?#]+$' }),
    kind: Type.Enum([...ORDER_KINDS]),
    level: Type.Optional(Type.Enum([...ORDER_LEVELS])),
    from: Instant,
    to: Type.Optional(Type.Union([Instant, Type.Null()])),
    daily: Type.Optional(
      Type.Union([
        Type.Tuple([Type.String({ pattern: '^\\d{2}:\\d{2}$' }), Type.String({ pattern: '^\\d{2}:\\d{2}$' })]),
        Type.Null(),
      ]),
    ),
    servedAt: Type.Optional(Type.Union([Instant, Type.Null()])),
    graceMinutes: Type.Optional(Type.Number({ minimum: 0 })),
    scope: Type.Object({
      sites: Type.Optional(Type.Array(Id)),
      lines: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9-]{0,62}$' }))),
      industries: Type.Optional(Type.Array(Type.String())),
      grades: Type.Optional(Type.Array(Type.Enum([...GRADES]))),
      districts: Type.Optional(Type.Array(Id)),
    }),
    exempt: Type.Optional(
      Type.Object({
        sites: Type.Optional(Type.Array(Id)),
        lines: Type.Optional(Type.Array(Type.String())),
        guaranteed: Type.Optional(Type.Boolean()),
        grades: Type.Optional(Type.Array(Type.Enum([...GRADES]))),
        industries: Type.Optional(Type.Array(Type.String())),
        districts: Type.Optional(Type.Array(Id)),
      }),
    ),
    reducePercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    document: Type.Optional(Type.String({ maxLength: 1024 })),
  },
  { $id: 'order', title: 'Order', additionalProperties: false },
);
/** An order as written in the registry or sent to the API. */
export type WireOrder = Static<typeof OrderSchema>;

export const MarkSchema = Type.Object(
  {
    site: Id,
    outlet: Type.Optional(Id),
    line: Type.Optional(Id),
    device: Type.Optional(Id),
    state: MarkStateSchema,
    from: Instant,
    to: Type.Optional(Type.Union([Instant, Type.Null()])),
    note: Type.Optional(Type.String({ maxLength: 1024 })),
    by: Type.Optional(Type.String({ maxLength: 127 })),
  },
  { $id: 'mark', title: 'Mark', additionalProperties: false },
);
export type WireMark = Static<typeof MarkSchema>;

/** An order with its instants resolved; spans are [fromAt, toAt), `toAt` is Infinity until lifted. */
export interface Order {
  readonly id: string;
  readonly kind: (typeof ORDER_KINDS)[number];
  readonly level: (typeof ORDER_LEVELS)[number];
  readonly fromAt: number;
  readonly toAt: number;
  /** Minutes of the local day [from, to); from > to runs over midnight. */
  readonly daily: { readonly fromMinute: number; readonly toMinute: number } | undefined;
  readonly servedAt: number | undefined;
  readonly graceMs: number;
  readonly scope: OrderScope;
  readonly exempt: OrderScope & { readonly guaranteed: boolean };
  readonly reducePercent: number | undefined;
  readonly document: string | undefined;
}

/** A union: a line is in it when any list names it, its site, industry, grade or district. Empty = none. */
export interface OrderScope {
  readonly sites: readonly string[];
  readonly lines: readonly string[];
  readonly industries: readonly string[];
  readonly grades: readonly string[];
  readonly districts: readonly string[];
}

/** A mark with its instants resolved; `toAt` is Infinity where it has no end. */
export interface Mark {
  readonly site: string;
  /** Which part it speaks of; all absent = the whole site. */
  readonly outlet: string | undefined;
  readonly line: string | undefined;
  readonly device: string | undefined;
  readonly state: string;
  readonly fromAt: number;
  readonly toAt: number;
  /** When it became known: event time of the declaring report, or receipt through the API. */
  readonly declaredAt: number;
  /** Marks in the registry or entered by an officer count as accepted. */
  readonly accepted: boolean;
  /** `registry`, `device`, or the name of the key that entered it. */
  readonly by: string;
  readonly note: string | undefined;
}
