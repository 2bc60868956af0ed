/** How a site looks in answers. */
import { Type, type Static } from 'typebox';
import { GRADES, ORDER_LEVELS } from '../../contracts/order.ts';
import { DEVICE_KINDS } from '../../contracts/signals.ts';
import { IdText, InstantText, nullable } from '../shapes.ts';

const SpanText = { from: nullable(InstantText), to: nullable(InstantText) };
const Text = Type.String();

const SUMMARY = {
  id: IdText,
  name: Text,
  district: IdText,
  industry: Text,
  grade: Type.Enum([...GRADES], { description: '绩效分级, in force now' }),
  positiveList: Type.Boolean({ description: '正面清单, in force now' }),
  guaranteed: Type.Boolean({ description: '民生保障, in force now' }),
  location: nullable(Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'longitude, latitude' })),
};
export const SiteSummarySchema = Type.Object(SUMMARY, { title: 'Site in a list' });

export type SiteSummary = Static<typeof SiteSummarySchema>;

const DeviceSchema = Type.Object({
  id: IdText,
  kind: Type.Enum([...DEVICE_KINDS]),
  every: Type.String({ description: 'cadence it should report with, ISO 8601', examples: ['PT1M'] }),
  mn: nullable(Text),
  parent: nullable(IdText),
  ctRatio: nullable(Type.Number()),
  latest: nullable(
    Type.Object(
      { ts: InstantText, received: InstantText },
      { description: 'of its newest value; null: it never reported' },
    ),
  ),
});

const LimitSchema = Type.Object({
  signal: IdText,
  max: nullable(Type.Number()),
  min: nullable(Type.Number()),
  average: Text,
  ...SpanText,
  source: nullable(Text),
  role: Type.Enum(['legal', 'warning']),
});

const OutletSchema = Type.Object({
  id: IdText,
  kind: Type.Enum(['stack', 'water']),
  devices: Type.Array(Type.Object({ device: IdText, role: Type.Enum(['primary', 'backup']), ...SpanText })),
  basis: Type.Enum(['dry', 'wet']),
  o2Reference: nullable(Type.Number()),
  limits: Type.Array(LimitSchema),
  caps: Type.Array(
    Type.Object({ signal: IdText, tonnes: Type.Number(), per: Text, ...SpanText, source: nullable(Text) }),
  ),
});

const MeterSchema = Type.Object({ device: IdText, rated: nullable(Type.Number()), on: nullable(Type.Number()) });

const LineSchema = Type.Object({
  id: IdText,
  outlets: Type.Array(IdText),
  production: Type.Array(MeterSchema),
  treatment: Type.Array(Type.Object({ ...MeterSchema.properties, stage: nullable(Text), need: Type.Integer() })),
  cameras: Type.Array(IdText),
  guaranteed: Type.Boolean(),
  baseline: nullable(Type.Object({ kWhPerHour: Type.Number(), source: nullable(Text) })),
  plan: Type.Array(
    Type.Object({
      level: Type.Enum([...ORDER_LEVELS]),
      measure: Type.Enum(['stop', 'reduce', 'no-trucks', 'none']),
      percent: nullable(Type.Number()),
      graceMinutes: nullable(Type.Number()),
    }),
  ),
});

export const SiteSchema = Type.Object(
  {
    ...SUMMARY,
    permit: nullable(Text),
    contacts: Type.Optional(
      Type.Array(Type.Object({ name: Text, phone: Type.Optional(Text) }), {
        description: 'absent for the role `analyst`',
      }),
    ),
    devices: Type.Array(DeviceSchema),
    outlets: Type.Array(OutletSchema),
    lines: Type.Array(LineSchema),
    orders: Type.Array(Text, {
      description: 'ids of the orders in force now whose scope names this site or a line of it',
    }),
    rules: Type.Record(Text, Type.Record(Text, Type.Number()), {
      description: 'rule parameters that differ from the defaults here',
    }),
  },
  { title: 'Site' },
);

export type SiteView = Static<typeof SiteSchema>;

export const SITE_EXAMPLE = {
  id: 'demo-cement',
  name: '示例水泥厂',
  district: 'xinmi',
  industry: 'cement',
  grade: 'B',
  positiveList: true,
  guaranteed: false,
  location: [113.39, 34.54],
};
