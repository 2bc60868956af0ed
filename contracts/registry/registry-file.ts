/**
 * The form of a registry file. The schema is the one source: validation, the types of what is read, the published
 * JSON Schema, and the words of the messages (`description`). Unknown keys are problems everywhere.
 */
import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { GRADES, MarkSchema, ORDER_LEVELS, OrderSchema } from '../order.ts';
import { DEVICE_KINDS } from '../signals.ts';

/** What may stand in a topic, a path and a file name. */
const ID_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$';
const ID_WORDS = 'an id of lower-case letters, digits and hyphens, at most 63';
const MOMENT_WORDS = 'an RFC 3339 instant with offset, or a date (local midnight)';

const closed = <T extends TProperties>(properties: T, options: { title?: string; description?: string } = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false });
const text = (description: string) => Type.String({ minLength: 1, maxLength: 1024, description });
const duration = (description: string) => Type.String({ description });
const positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description });

const Reference = Type.String({ pattern: ID_PATTERN, description: ID_WORDS });
const Moment = Type.String({ description: MOMENT_WORDS });
const MomentOrNull = Type.Union([Moment, Type.Null()]);
const Span = { from: Type.Optional(MomentOrNull), to: Type.Optional(MomentOrNull) };

/** A value for ever, or a list of values in force in [from, to); without `to` until the next one begins. */
const dated = <T extends TSchema>(value: T) =>
  Type.Union([value, Type.Array(closed({ value, ...Span }), { minItems: 1 })]);
const bySignal = <T extends TSchema>(value: T, description: string) =>
  Type.Record(Type.String({ pattern: ID_PATTERN }), value, { additionalProperties: false, description });

export const SignalEntrySchema = closed({
  id: Reference,
  unit: Type.Optional(Type.String({ maxLength: 63 })),
  kind: Type.Enum(['number', 'text']),
  zh: Type.Optional(text('the Chinese name')),
});

export const DistrictEntrySchema = closed({ id: Reference, name: text('the name of the district') });

export const DeviceEntrySchema = closed({
  id: Reference,
  kind: Type.Enum([...DEVICE_KINDS]),
  every: duration('the cadence as an ISO 8601 duration, such as PT1M'),
  mn: Type.Optional(text('the HJ 212 number, quoted')),
  parent: Type.Optional(Reference),
  ctRatio: Type.Optional(positive('the ratio of the current transformers')),
});

export const LimitEntrySchema = closed({
  signal: Reference,
  max: Type.Optional(Type.Number()),
  min: Type.Optional(Type.Number()),
  average: duration('the averaging period as an ISO 8601 duration, such as PT1H'),
  ...Span,
  source: Type.Optional(text('where the limit stands')),
  allow: Type.Optional(
    closed({ count: Type.Integer({ minimum: 0 }), per: duration('an ISO 8601 duration, such as P1D') }),
  ),
  role: Type.Optional(Type.Enum(['legal', 'warning'])),
});

export const CapEntrySchema = closed({
  signal: Reference,
  tonnes: positive('tonnes that may be emitted'),
  per: duration('an ISO 8601 duration, such as P1Y'),
  ...Span,
  source: Type.Optional(text('where the cap stands')),
});

const Budget = closed({
  each: Type.Optional(duration('an ISO 8601 duration, such as PT4H')),
  year: Type.Optional(duration('an ISO 8601 duration, such as PT60H')),
});

export const OutletEntrySchema = closed({
  id: Reference,
  kind: Type.Optional(Type.Enum(['stack', 'water'])),
  device: Type.Union([
    Reference,
    Type.Array(closed({ device: Reference, role: Type.Optional(Type.Enum(['primary', 'backup'])), ...Span }), {
      minItems: 1,
    }),
  ]),
  basis: Type.Optional(Type.Enum(['dry', 'wet'])),
  o2Reference: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 21, description: 'the reference oxygen in %' }),
  ),
  ranges: Type.Optional(
    bySignal(Type.Tuple([Type.Number(), Type.Number()]), 'full scale of the instrument: signal to [low, high]'),
  ),
  resolution: Type.Optional(bySignal(positive('the smallest step of the signal'), 'signal to its smallest step')),
  limits: Type.Optional(Type.Array(LimitEntrySchema)),
  caps: Type.Optional(Type.Array(CapEntrySchema)),
  excuse: Type.Optional(
    closed({
      'start-up': Type.Optional(Budget),
      'shut-down': Type.Optional(Budget),
      fault: Type.Optional(Budget),
      stopped: Type.Optional(Budget),
    }),
  ),
});

const METER = {
  device: Reference,
  rated: Type.Optional(positive('the rated power in kW')),
  on: Type.Optional(positive('the power in kW from which it counts as on')),
};

export const LineEntrySchema = closed({
  id: Reference,
  outlets: Type.Optional(Type.Array(Reference)),
  production: Type.Optional(Type.Array(closed(METER))),
  treatment: Type.Optional(
    Type.Array(
      closed({
        ...METER,
        stage: Type.Optional(text('meters of one stage are alternatives')),
        need: Type.Optional(Type.Integer({ minimum: 1, description: 'how many of the stage must be on' })),
      }),
    ),
  ),
  cameras: Type.Optional(Type.Array(Reference)),
  guaranteed: Type.Optional(dated(Type.Boolean())),
  baseline: Type.Optional(
    closed({
      kWhPerHour: positive('the filed energy of an hour in kWh'),
      source: Type.Optional(text('where it was filed')),
    }),
  ),
  plan: Type.Optional(
    Type.Array(
      closed({
        level: Type.Enum([...ORDER_LEVELS]),
        measure: Type.Enum(['stop', 'reduce', 'no-trucks', 'none']),
        percent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
        graceMinutes: Type.Optional(Type.Number({ minimum: 0 })),
      }),
    ),
  ),
});

export const SiteEntrySchema = closed({
  id: Reference,
  name: text('the name of the firm'),
  district: Reference,
  industry: text('the industry, such as cement'),
  grade: Type.Optional(dated(Type.Enum([...GRADES]))),
  positiveList: Type.Optional(dated(Type.Boolean())),
  guaranteed: Type.Optional(dated(Type.Boolean())),
  permit: Type.Optional(text('the number of the permit, quoted where it is all digits')),
  contacts: Type.Optional(
    Type.Array(closed({ name: text('who'), phone: Type.Optional(text('the telephone number, quoted')) })),
  ),
  location: Type.Optional(
    Type.Tuple([
      Type.Number({ minimum: -180, maximum: 180, description: 'the longitude, which stands first' }),
      Type.Number({ minimum: -90, maximum: 90, description: 'the latitude, which stands second' }),
    ]),
  ),
  devices: Type.Optional(Type.Array(DeviceEntrySchema)),
  outlets: Type.Optional(Type.Array(OutletEntrySchema)),
  lines: Type.Optional(Type.Array(LineEntrySchema)),
  rules: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[a-z][a-z-]*\\.[a-z][a-z0-9-]*$' }),
      Type.Record(Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9-]*$' }), Type.Number(), { additionalProperties: false }),
      { additionalProperties: false, description: 'rule id to the parameters that differ from the defaults' },
    ),
  ),
});

// A mistyped `scope` or `exempt` would quietly reach nobody, or everybody: in files their keys are closed as well.
const { scope, exempt } = OrderSchema.properties;
export const OrderEntrySchema = closed({
  ...OrderSchema.properties,
  scope: closed(scope.properties),
  exempt: Type.Optional(closed(exempt.properties)),
});

/** A list, or nothing at all after its key, which hand-written files often have. */
const list = <T extends TSchema>(entry: T) => Type.Optional(Type.Union([Type.Array(entry), Type.Null()]));

export const RegistryFileSchema = Type.Object(
  {
    version: Type.Optional(Type.Literal(1, { description: 'the version of this form; stands in one file at least' })),
    timezone: Type.Optional(text('an IANA time zone; Asia/Shanghai unless said')),
    signals: list(SignalEntrySchema),
    districts: list(DistrictEntrySchema),
    sites: list(SiteEntrySchema),
    orders: list(OrderEntrySchema),
    marks: list(MarkSchema),
  },
  {
    $id: 'registry',
    title: 'Registry',
    description: 'One registry file in YAML 1.2 or JSON, or one of a folder of files that are read as one.',
    additionalProperties: false,
  },
);

export type RegistryFile = Static<typeof RegistryFileSchema>;
export type SiteEntry = Static<typeof SiteEntrySchema>;
export type DeviceEntry = Static<typeof DeviceEntrySchema>;
export type OutletEntry = Static<typeof OutletEntrySchema>;
export type LimitEntry = Static<typeof LimitEntrySchema>;
export type CapEntry = Static<typeof CapEntrySchema>;
export type LineEntry = Static<typeof LineEntrySchema>;
export type SignalEntry = Static<typeof SignalEntrySchema>;
export type DistrictEntry = Static<typeof DistrictEntrySchema>;

/**
 * A value of which any part may be missing: what is left of an entry once the parts that do not fit the schema are
 * taken out. Reading goes on with it, so that one problem does not hide the others. Lists keep their indices.
 */
export type Draft<T> = T extends readonly (infer E)[]
  ? number extends T['length']
    ? readonly (Draft<E> | undefined)[]
    : T
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;
