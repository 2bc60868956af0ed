/** The form of a scenario file, and reading one. */
import { Type, type Static, type TProperties } from 'typebox';
import { InputError } from '../contracts/errors.ts';
import { GRADES, Id, ORDER_LEVELS, OrderSchema } from '../contracts/order.ts';
import type { JsonSchema } from '../contracts/registry/describe-value.ts';
import { fitSchema } from '../contracts/registry/fit-schema.ts';
import { locateLines } from '../contracts/registry/locate.ts';
import { parseFile } from '../contracts/registry/parse-file.ts';
import { spell, topOf } from '../contracts/registry/place.ts';
import { formatPath } from '../contracts/registry/problem.ts';
import { FLAGS } from '../contracts/signals.ts';
import { STRENGTHS } from './faults/fault.ts';
import { CitySchema, NetworkSchema } from './city-file.ts';
import { OFFSET_WORDS } from './scenario-time.ts';

const closed = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });

const Offset = Type.String({ description: OFFSET_WORDS });
const TimeOfDay = Type.String({ pattern: '^\\d{2}:\\d{2}$' });
const Duration = Type.String({ description: 'an ISO 8601 duration, such as PT15M' });
const SPAN = { from: Offset, to: Offset };

/** Settings of a fault or a look-alike; which of them mean something is the kind's to say. */
const FAULT_SETTINGS = {
  from: Offset,
  to: Type.Optional(Offset),
  every: Type.Optional(Duration),
  device: Type.Optional(Id),
  devices: Type.Optional(Type.Array(Id)),
  signal: Type.Optional(Id),
  machine: Type.Optional(Id),
  line: Type.Optional(Id),
  order: Type.Optional(Type.String()),
  factor: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  dropC: Type.Optional(Type.Number()),
  aheadMinutes: Type.Optional(Type.Number()),
  delayMinutes: Type.Optional(Type.Number({ minimum: 0 })),
  spare: Type.Optional(Id),
  percent: Type.Optional(Type.Number()),
  backHours: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  minutesEachHour: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  trucksPerHour: Type.Optional(Type.Number({ minimum: 0 })),
  flag: Type.Optional(Type.Enum([...FLAGS])),
  minutes: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
};

/** What is done to a plant. */
const FaultEntrySchema = closed({
  fault: Type.String({ description: 'the id of a fault, such as limit-hour' }),
  strength: Type.Optional(Type.Enum([...STRENGTHS])),
  ...FAULT_SETTINGS,
});
export type FaultEntry = Static<typeof FaultEntrySchema>;

/** What only looks wrong. */
const LookAlikeEntrySchema = closed({
  lookAlike: Type.String({ description: 'the id of a look-alike, such as spare-unit' }),
  ...FAULT_SETTINGS,
});
export type LookAlikeEntry = Static<typeof LookAlikeEntrySchema>;

const LimitEntrySchema = closed({
  signal: Id,
  max: Type.Optional(Type.Number()),
  min: Type.Optional(Type.Number()),
  average: Duration,
  source: Type.String(),
  role: Type.Optional(Type.Enum(['legal', 'warning'])),
});

const CapEntrySchema = closed({ signal: Id, tonnes: Type.Number({ exclusiveMinimum: 0 }), per: Duration });

/** What a line must do at a level (一厂一策). */
const PlanEntrySchema = closed({
  level: Type.Enum([...ORDER_LEVELS]),
  measure: Type.Enum(['stop', 'reduce', 'no-trucks', 'none']),
  percent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
  graceMinutes: Type.Optional(Type.Number({ minimum: 0 })),
});
const LineName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });

const SiteEntrySchema = closed({
  id: Id,
  name: Type.String({ minLength: 1 }),
  type: Type.String({ description: 'a type of plant, such as cement' }),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })),
  scale: Type.Optional(Type.Number({ minimum: 0.3, maximum: 1.5 })),
  industry: Type.Optional(Id),
  district: Id,
  grade: Type.Optional(Type.Enum([...GRADES])),
  guaranteed: Type.Optional(Type.Boolean()),
  location: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
  hours: Type.Optional(
    Type.Tuple([Type.Integer({ minimum: 0, maximum: 24 }), Type.Integer({ minimum: 0, maximum: 24 })]),
  ),
  calibration: Type.Optional(closed({ at: TimeOfDay, minutes: Type.Integer({ minimum: 2, maximum: 120 }) })),
  backlogFrom: Type.Optional(Offset),
  devices: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
      closed({
        every: Type.Optional(Duration),
        form: Type.Optional(Type.Enum(['instant', 'period'])),
        means: Type.Optional(Type.Array(Type.Enum(['PT10M', 'PT1H', 'P1D']))),
      }),
      { additionalProperties: false },
    ),
  ),
  limits: Type.Optional(Type.Array(LimitEntrySchema)),
  caps: Type.Optional(Type.Array(CapEntrySchema)),
  stops: Type.Optional(Type.Array(closed({ line: Id, ...SPAN }))),
  swaps: Type.Optional(Type.Array(closed({ off: Id, on: Id, ...SPAN }))),
  silences: Type.Optional(Type.Array(closed({ device: Id, ...SPAN }))),
  obeys: Type.Optional(Type.Boolean()),
  plans: Type.Optional(Type.Record(LineName, Type.Array(PlanEntrySchema), { additionalProperties: false })),
  baselines: Type.Optional(
    Type.Record(LineName, Type.Number({ exclusiveMinimum: 0 }), { additionalProperties: false }),
  ),
  faults: Type.Optional(Type.Array(FaultEntrySchema)),
  lookAlikes: Type.Optional(Type.Array(LookAlikeEntrySchema)),
});
export type SiteEntry = Static<typeof SiteEntrySchema>;

const { scope, exempt } = OrderSchema.properties;
const OrderEntrySchema = closed({
  ...OrderSchema.properties,
  from: Offset,
  to: Type.Optional(Type.Union([Offset, Type.Null()])),
  servedAt: Type.Optional(Type.Union([Offset, Type.Null()])),
  scope: closed(scope.properties),
  exempt: Type.Optional(closed(exempt.properties)),
});

export const ScenarioFileSchema = closed({
  version: Type.Literal(1),
  name: Id,
  seed: Type.Integer({ minimum: 0 }),
  start: Type.String({ description: 'an RFC 3339 instant with offset, such as 2026-11-22T15:00:00+08:00' }),
  timezone: Type.Optional(Type.String()),
  backlog: Type.Optional(Duration),
  ahead: Type.Optional(Duration),
  history: Type.Optional(Duration),
  spread: Type.Optional(Duration),
  districts: Type.Array(closed({ id: Id, name: Type.String({ minLength: 1 }) }), { minItems: 1 }),
  sites: Type.Optional(Type.Array(SiteEntrySchema, { minItems: 1 })),
  city: Type.Optional(CitySchema),
  network: Type.Optional(NetworkSchema),
  orders: Type.Optional(Type.Array(OrderEntrySchema)),
});
export type ScenarioFile = Static<typeof ScenarioFileSchema>;

/** Something wrong in a scenario file: where, and what would be right. */
export interface ScenarioProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface ReadFile {
  readonly file: ScenarioFile;
  /** The error that names these problems with their lines. */
  readonly toError: (problems: readonly ScenarioProblem[]) => InputError;
}

/**
 * Reads YAML 1.2 or JSON.
 * @param source name of the file, for messages
 * @throws InputError with every problem of the form, one a line: `file:line: path: what was seen and expected`
 */
export function readScenarioFile(text: string, source: string): ReadFile {
  const parsed = parseFile(text);
  if (parsed.faults.length > 0) {
    throw new InputError(parsed.faults.map(({ line, message }) => `${source}:${line}: ${message}`).join('\n'));
  }
  const toError = (problems: readonly ScenarioProblem[]): InputError => {
    const paths = problems.map(({ path }) => path);
    const lines = locateLines(parsed.text, paths);
    const texts = problems.map(({ path, message }, index) => {
      const where = path.length === 0 ? '' : `${formatPath(path)}: `;
      return `${source}:${lines[index] ?? 1}: ${where}${message}`;
    });
    return new InputError(texts.join('\n'));
  };
  const problems: ScenarioProblem[] = [];
  const schema = ScenarioFileSchema as unknown as JsonSchema;
  const file = fitSchema(schema, parsed.value, topOf(0), (place, _code, { message, remedy }) => {
    problems.push({ path: spell(place).keys, message: `${message}. ${remedy}` });
  });
  if (problems.length > 0 || file === undefined) throw toError(problems);
  return { file: file as ScenarioFile, toError };
}
