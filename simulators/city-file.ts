/** The form of a city that is made from a seed: how many sites of each kind, and what they are like. */
import { Type, type Static, type TProperties } from 'typebox';
import { GRADES, Id } from '../contracts/order.ts';
import { STRENGTHS } from './faults/fault.ts';

const closed = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });
const Count = Type.Integer({ minimum: 0, maximum: 100_000 });
const Share = Type.Number({ minimum: 0, maximum: 1, description: 'a share between 0 and 1' });
const Weights = Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Type.Number({ minimum: 0 }));

const StrewnSchema = closed({
  per100SiteDays: Type.Number({ minimum: 0, maximum: 1_000 }),
  kinds: Type.Optional(Type.Array(Id, { minItems: 1 })),
  strengths: Type.Optional(Type.Array(Type.Enum([...STRENGTHS]), { minItems: 1 })),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400 })),
});

export const CitySchema = closed({
  cems: Type.Optional(Count),
  cameras: Type.Optional(Count),
  meters: Type.Optional(Count),
  types: Type.Optional(Weights),
  metersPerSite: Type.Optional(Type.Tuple([Count, Count])),
  gates: Type.Optional(Share),
  grades: Type.Optional(Type.Record(Type.Enum([...GRADES]), Type.Number({ minimum: 0 }))),
  guaranteed: Type.Optional(Share),
  obeys: Type.Optional(Share),
  baselines: Type.Optional(Share),
  ownMeans: Type.Optional(Share),
  instants: Type.Optional(Share),
  faults: Type.Optional(StrewnSchema),
});
export type CityEntry = Static<typeof CitySchema>;

const Offset = Type.String({ description: 'a time relative to the start' });

/** How reports travel: what goes wrong on the way, and is nobody's fault. */
export const NetworkSchema = closed({
  clients: Type.Optional(Type.Enum(['site', 'device'])),
  outages: Type.Optional(closed({ per100SiteDays: Type.Number({ minimum: 0, maximum: 10_000 }) })),
  cityOutages: Type.Optional(Type.Array(closed({ from: Offset, to: Offset }))),
  duplicates: Type.Optional(Share),
  disorder: Type.Optional(Share),
  clockErrorSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 60 })),
});
export type NetworkEntry = Static<typeof NetworkSchema>;
