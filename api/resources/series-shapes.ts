/** How a series looks in answers. */
import { Type } from 'typebox';
import { ROLL_UPS, type RollUp } from '../../contracts/ports/read-model.ts';
import { EXAMPLE_INSTANT, IdText, InstantText, nullable } from '../shapes.ts';

const RawPointSchema = Type.Object(
  {
    ts: InstantText,
    period: nullable(Type.String({ description: 'ISO 8601; null: an instant' })),
    value: Type.Union([Type.Number(), Type.String()]),
    flag: Type.String({ description: 'HJ 212 data mark: N F M S D C T B' }),
    received: InstantText,
    revision: Type.Integer({ description: 'above 0: a later value for the same instant, disputed' }),
  },
  { title: 'Value as it came' },
);

const RolledPointSchema = Type.Object(
  {
    start: InstantText,
    ...Object.fromEntries(ROLL_UPS.map((fn) => [fn, Type.Optional(Type.Number())])),
    flagged: Type.Integer({ description: 'how many of the values are flagged other than N' }),
  },
  { title: 'Roll-up of a window' },
);

export const SeriesSchema = Type.Object(
  {
    site: IdText,
    device: IdText,
    signal: IdText,
    unit: Type.String(),
    kind: Type.Enum(['raw', 'rolled']),
    from: InstantText,
    to: InstantText,
    every: nullable(Type.String({ description: 'ISO 8601; null: the values as they came' })),
    items: Type.Array(Type.Union([RawPointSchema, RolledPointSchema])),
    next: Type.Null({ description: 'a series comes whole or not at all' }),
  },
  { title: 'Series' },
);

export const RAW_COLUMNS = Object.keys(RawPointSchema.properties);
export const rolledColumns = (fns: readonly RollUp[]): readonly string[] => ['start', ...fns, 'flagged'];

export const SERIES_EXAMPLE = {
  site: 'demo-cement',
  device: 'cems-1',
  signal: 'so2',
  unit: 'mg/m³',
  kind: 'rolled',
  from: EXAMPLE_INSTANT,
  to: '2026-11-22T10:00:00+08:00',
  every: 'PT1H',
  items: [{ start: EXAMPLE_INSTANT, mean: 12.3, flagged: 0 }],
  next: null,
};
