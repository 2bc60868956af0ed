/** A point as a line of InfluxDB's line protocol. */
import { escape } from '@influxdata/influxdb-client';

/** `integer` and `float` are types of their own there: a field keeps the type that it had first. */
export type Field =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean };

export const float = (value: number): Field => ({ kind: 'float', value });
export const integer = (value: number): Field => ({ kind: 'integer', value });
export const text = (value: string): Field => ({ kind: 'text', value });
export const boolean = (value: boolean): Field => ({ kind: 'boolean', value });

export interface Point {
  readonly measurement: string;
  /** Tags without a text are left out. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: readonly (readonly [name: string, field: Field])[];
  /** Whole milliseconds since 1970. */
  readonly ms: number;
  /** Nanoseconds behind that, below a second; what tells points of one instant apart. */
  readonly ns: number;
}

/** The protocol can escape neither; a backslash at the end would swallow the separator behind it. */
const UNWRITABLE = /[\u0000-\u001f\u007f]|\\$/;

/** Why a point cannot be written, where it cannot: found here, since the server might take it for something else. */
export function whyUnwritable({ tags, fields, ms }: Point): string | undefined {
  const names = [...Object.values(tags), ...fields.map(([name]) => name)];
  const bad = names.find((name) => UNWRITABLE.test(name));
  if (bad !== undefined) return `a name that cannot be written: ${JSON.stringify(bad)}`;
  const broken = fields.find(([, field]) => typeof field.value === 'number' && !Number.isFinite(field.value));
  if (broken !== undefined) return `${broken[0]} is no finite number`;
  return Number.isSafeInteger(ms) ? undefined : `no instant: ${String(ms)}`;
}

function fieldText(field: Field): string {
  switch (field.kind) {
    case 'float':
      return String(field.value);
    case 'integer':
      return `${BigInt(field.value)}i`;
    case 'text':
      return escape.quoted(field.value);
    case 'boolean':
      return field.value ? 'true' : 'false';
  }
}

/** Nanoseconds since 1970: more digits than a number holds. */
function timeText(ms: number, ns: number): string {
  return String(BigInt(ms) * 1_000_000n + BigInt(ns));
}

/** Tags in the order of their names, as the server likes them. */
export function toLine({ measurement, tags, fields, ms, ns }: Point): string {
  const tagTexts = Object.entries(tags)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `,${escape.tag(name)}=${escape.tag(value)}`);
  const fieldTexts = fields.map(([name, field]) => `${escape.tag(name)}=${fieldText(field)}`);
  return `${escape.measurement(measurement)}${tagTexts.join('')} ${fieldTexts.join(',')} ${timeText(ms, ns)}`;
}
