/**
 * One message of one device: one instant or one averaging period, any number of signals.
 *
 * The schema is the one source: validation, the TypeScript type, the published JSON Schema and the OpenAPI component.
 */
import { Type, type Static } from 'typebox';
import { FLAGS } from './signals.ts';

export const REPORT_PERIODS = ['PT1M', 'PT10M', 'PT15M', 'PT1H', 'P1D'] as const;
export type ReportPeriod = (typeof REPORT_PERIODS)[number];
export const REPORT_PERIOD_MS: Readonly<Record<ReportPeriod, number>> = {
  PT1M: 60_000,
  PT10M: 600_000,
  PT15M: 900_000,
  PT1H: 3_600_000,
  P1D: 86_400_000,
};

export const STATES = ['start-up', 'shut-down', 'stopped', 'fault', 'maintenance', 'calibration', 'normal'] as const;
/** A declared state of a device and its outlet. `normal` ends the one before it. Others may be declared and are kept. */
export const MarkStateSchema = Type.String({ minLength: 1, maxLength: 63, pattern: '^[a-z0-9][a-z0-9-]*$' });

const Statistics = Type.Object(
  {
    avg: Type.Optional(Type.Number()),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    sum: Type.Optional(Type.Number()),
    converted: Type.Optional(Type.Number({ description: 'mean converted to the reference oxygen by the device' })),
  },
  { minProperties: 1 },
);

export const ReportSchema = Type.Object(
  {
    ts: Type.String({ description: 'RFC 3339 with offset; with `period`, the start of the period' }),
    period: Type.Optional(Type.Enum([...REPORT_PERIODS])),
    // Bounds keep a hostile report from holding the reader: no device has that many signals.
    values: Type.Record(
      Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$', maxLength: 63 }),
      Type.Union([Type.Number(), Type.String({ maxLength: 1024 }), Statistics]),
      { maxProperties: 256 },
    ),
    flags: Type.Optional(Type.Record(Type.String(), Type.Enum([...FLAGS]), { maxProperties: 256 })),
    seq: Type.Optional(Type.Integer({ minimum: 0 })),
    resent: Type.Optional(Type.Boolean()),
    mark: Type.Optional(
      Type.Object({
        state: MarkStateSchema,
        until: Type.Optional(Type.String({ description: 'RFC 3339 with offset' })),
      }),
    ),
    parameters: Type.Optional(
      Type.Record(Type.String({ maxLength: 127 }), Type.Union([Type.Number(), Type.String({ maxLength: 1024 })]), {
        maxProperties: 1_000,
      }),
    ),
  },
  {
    $id: 'report',
    title: 'Report',
    description: 'One report of one device over MQTT. Fields not named here are ignored.',
  },
);

/** A report as it stands on the wire. */
export type WireReport = Static<typeof ReportSchema>;
export type WireValue = number | string | Static<typeof Statistics>;

/** A line of a report file: the wire report with where it came from. */
export const FileReportSchema = Type.Object(
  {
    site: Type.String(),
    device: Type.String(),
    received: Type.Optional(Type.String({ description: 'RFC 3339; absent = `ts`, or the end of the period' })),
    ...ReportSchema.properties,
  },
  { $id: 'file-report', title: 'Report in a file' },
);
