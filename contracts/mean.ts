/** A mean over a clock period of one signal of one outlet (or of one device without an outlet), judged or unknown. */
import { Type, type Static } from 'typebox';

/** A mean is provisional when its period ends and final this much later, unless late data revise it (contract 4). */
export const FINAL_AFTER_MS = 600_000;

/**
 * How the emitted mass of an hour is known: measured; the largest of the last 180, 720 or 2,160 valid hours in place of
 * a missing one; nothing emitted because the plant stood; not known.
 */
export const MASS_METHODS = ['measured', 'max180', 'max720', 'max2160', 'stopped', 'unknown'] as const;
export type MassMethod = (typeof MASS_METHODS)[number];

const OptionalNumber = Type.Union([Type.Number(), Type.Null()]);

export const MeanSchema = Type.Object(
  {
    site: Type.String(),
    outlet: Type.String(),
    device: Type.String({ description: 'the device whose data made it' }),
    signal: Type.String(),
    average: Type.String({ description: 'ISO 8601, PT1H or P1D or the period of a limit' }),
    start: Type.String(),
    end: Type.String(),
    state: Type.Enum(['provisional', 'final', 'revised']),
    valid: Type.Boolean(),
    parts: Type.Object(
      {
        valid: Type.Integer(),
        expected: Type.Integer(),
        unit: Type.String({ description: 'minutes, hours, or the period of the reports' }),
      },
      { description: 'how many parts were valid' },
    ),
    mean: OptionalNumber,
    converted: Type.Union([Type.Number(), Type.Null()], {
      description: 'at the reference oxygen; null where it cannot be known or there is none',
    }),
    lowerBound: Type.Optional(
      Type.Boolean({
        description: 'converted with the lowest O2 of the last 30 operating days, or holds over-range values',
      }),
    ),
    o2: OptionalNumber,
    operating: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: nothing says either way' }),
    excused: Type.Optional(Type.String({ description: 'the state that excuses it' })),
    verdict: Type.Enum(['within', 'over', 'unknown', 'not-operating', 'excused', 'no-limit']),
    limit: Type.Optional(
      Type.Object({
        max: Type.Optional(Type.Number()),
        min: Type.Optional(Type.Number()),
        source: Type.Optional(Type.String()),
      }),
    ),
    source: Type.Enum(['samples', 'device'], {
      description: 'computed from finer data, or the mean of the device itself',
    }),
    deviceMean: Type.Optional(Type.Number({ description: "the device's own mean of the same period" })),
    deviceConverted: Type.Optional(Type.Number()),
    massKg: Type.Optional(
      Type.Union([Type.Number(), Type.Null()], {
        description:
          'kg emitted in the hour, of signals under a cap: measured mean (not converted) × mean flow; null: unknown',
      }),
    ),
    massMethod: Type.Optional(
      Type.Enum([...MASS_METHODS], {
        description:
          'measured; max180, max720, max2160: the largest of that many valid hours in place of a missing one; stopped: 0; unknown',
      }),
    ),
    rewritten: Type.Optional(Type.Number({ description: 'what the mean would be with values that were sent later' })),
  },
  { $id: 'mean', title: 'Mean' },
);
export type Mean = Static<typeof MeanSchema>;
