/**
 * Says in plain words where a value does not fit a schema, and gives back the part that does.
 *
 * Why not the validator's own errors: of a union they name every branch, they know no near names, and they stop
 * where reading should go on. The compiled validator decides whether there is anything to say at all.
 */
import { describeSchema, describeValue, isMapping, type JsonSchema } from './describe-value.ts';
import { nearestName, suggestName } from './nearest-name.ts';
import { at, type Place } from './place.ts';
import type { ProblemCode } from './problem.ts';
import type { Words } from './problem-list.ts';

export type ReportMisfit = (place: Place, code: ProblemCode, words: Words) => void;

/** A seen value against a schema: the part of it that fits, `undefined` where nothing does. */
export function fitSchema(schema: JsonSchema, value: unknown, place: Place, report: ReportMisfit): unknown {
  if (schema.anyOf !== undefined) return fitBranch(schema, value, place, report);
  if (schema.type === 'object' && isMapping(value)) return fitMapping(schema, value, place, report);
  if (schema.type === 'array' && Array.isArray(value)) return fitList(schema, value, place, report);
  const remedy = misfitRemedy(schema, value);
  if (remedy === undefined) return value;
  report(place, 'value-invalid', {
    message: `saw ${describeValue(value)}, expected ${describeSchema(schema)}`,
    remedy,
  });
  return undefined;
}

/** The branch whose type the value has; a value of no branch's type is one problem, not one for each branch. */
function fitBranch(schema: JsonSchema, value: unknown, place: Place, report: ReportMisfit): unknown {
  const branches = schema.anyOf ?? [];
  const branch = branches.find((candidate) => hasType(candidate, value));
  if (branch !== undefined) return fitSchema(branch, value, place, report);
  const remedy = branches.map((candidate) => misfitRemedy(candidate, value)).find((text) => text !== undefined);
  report(place, 'value-invalid', {
    message: `saw ${describeValue(value)}, expected ${describeSchema(schema)}`,
    remedy: remedy ?? CHANGE_IT,
  });
  return undefined;
}

const CHANGE_IT = 'Change it, or leave the key out where it is optional.';

function hasType(schema: JsonSchema, value: unknown): boolean {
  if (schema.enum !== undefined) return schema.enum.some((option) => typeof option === typeof value);
  switch (schema.type) {
    case 'object':
      return isMapping(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
      return typeof value === 'number';
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === schema.type;
    default:
      return false;
  }
}

/** What to do about a scalar that does not fit; `undefined` where it fits. */
function misfitRemedy(schema: JsonSchema, value: unknown): string | undefined {
  if (schema.enum !== undefined) {
    if (schema.enum.includes(value)) return undefined;
    const near = nearestName(String(value), schema.enum.map(String));
    return near === undefined ? 'Write one of them.' : `Did you mean \`${near}\`?`;
  }
  if (schema.const !== undefined) return schema.const === value ? undefined : `Write ${JSON.stringify(schema.const)}.`;
  if (!hasType(schema, value)) return typeRemedy(schema, value);
  if (typeof value === 'string') return fitsText(schema, value) ? undefined : textRemedy(schema, value);
  if (typeof value === 'number') return fitsNumber(schema, value) ? undefined : 'Give a number within these bounds.';
  return undefined;
}

function typeRemedy(schema: JsonSchema, value: unknown): string {
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (schema.type === 'string' && scalar) return `Put it in quotes: "${value}".`;
  if ((schema.type === 'number' || schema.type === 'integer') && typeof value === 'string') {
    return value.trim() !== '' && Number.isFinite(Number(value))
      ? 'Take the quotes away.'
      : 'Write a plain number, without its unit.';
  }
  if (schema.type === 'boolean') return 'YAML 1.2 knows only `true` and `false`.';
  if (schema.type === 'array') return value === null ? 'Write [], or leave the key out.' : 'Put it in a list: [ … ].';
  return CHANGE_IT;
}

function fitsText(schema: JsonSchema, value: string): boolean {
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  return (
    value.length >= minLength && value.length <= maxLength && (pattern === undefined || new RegExp(pattern).test(value))
  );
}

function textRemedy(schema: JsonSchema, value: string): string {
  const plain = value
    .trim()
    .toLowerCase()
    .replace(/[\s_.]+/g, '-');
  if (schema.pattern === undefined) return value === '' ? 'Fill it in, or leave the key out.' : 'Shorten it.';
  return plain !== value && fitsText(schema, plain) ? `Write \`${plain}\`, for instance.` : 'Write it in that form.';
}

function fitsNumber(schema: JsonSchema, value: number): boolean {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  if (!Number.isFinite(value) || (schema.type === 'integer' && !Number.isInteger(value))) return false;
  return value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;
}

function fitList(schema: JsonSchema, value: readonly unknown[], place: Place, report: ReportMisfit): unknown {
  const { items } = schema;
  const complain = (words: string): undefined => {
    report(place, 'value-invalid', {
      message: `saw ${describeValue(value)}, expected ${words}`,
      remedy: 'Complete the list.',
    });
    return undefined;
  };
  if (isTuple(items)) {
    if (value.length !== items.length)
      return complain(`${items.length} entries: ${items.map(describeSchema).join(', ')}`);
    const fitted = items.map((item, index) => fitSchema(item, value[index], at(place, index), report));
    return fitted.includes(undefined) ? undefined : fitted;
  }
  if (value.length < (schema.minItems ?? 0)) return complain('at least one entry');
  // Entries that do not fit stay as `undefined`: the others keep the index that the file shows.
  return value.map((entry, index) => (items === undefined ? entry : fitSchema(items, entry, at(place, index), report)));
}

function isTuple(items: JsonSchema['items']): items is readonly JsonSchema[] {
  return Array.isArray(items);
}

function fitMapping(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  place: Place,
  report: ReportMisfit,
): Readonly<Record<string, unknown>> {
  const properties = schema.properties ?? {};
  const fitted: Record<string, unknown> = {};
  const misspelt = new Set<string | undefined>();
  for (const [key, entry] of Object.entries(value)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : patternProperty(schema, key);
    if (property === undefined) {
      const { near, ...words } = unknownKey(schema, key, value);
      report(at(place, key), 'key-unknown', words);
      misspelt.add(near);
    } else {
      const part = fitSchema(property, entry, at(place, key), report);
      if (part !== undefined) fitted[key] = part;
    }
  }
  for (const key of schema.required ?? []) {
    // One mistake is one problem: what is there under another spelling is not missing as well.
    if (Object.hasOwn(value, key) || misspelt.has(key)) continue;
    const words = properties[key] === undefined ? 'something' : describeSchema(properties[key]);
    report(at(place, key), 'key-missing', {
      message: `\`${key}\` is missing, expected ${words}`,
      remedy: `Add \`${key}\`.`,
    });
  }
  return fitted;
}

function patternProperty(schema: JsonSchema, key: string): JsonSchema | undefined {
  for (const [pattern, property] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern).test(key)) return property;
  }
  return undefined;
}

function unknownKey(
  schema: JsonSchema,
  key: string,
  value: Readonly<Record<string, unknown>>,
): Words & { readonly near: string | undefined } {
  const known = Object.keys(schema.properties ?? {});
  if (known.length === 0) {
    const message = `\`${key}\` does not have the form of a key here (${schema.description ?? 'a name'})`;
    return { message, remedy: 'Write it in that form.', near: undefined };
  }
  const message = `unknown key \`${key}\``;
  // What a YAML 1.1 tool makes of an unquoted `on:`.
  const turned = key === 'true' && known.includes('on');
  if (turned) return { message, remedy: 'A YAML 1.1 tool has turned `on` into `true`: write `"on"`.', near: 'on' };
  const absent = known.filter((name) => !Object.hasOwn(value, name));
  return { message, remedy: suggestName(key, absent, 'Remove it.'), near: nearestName(key, absent) };
}
