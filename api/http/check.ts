/** What comes in from outside against its schema: everything that is wrong at once, in both languages. */
import type { Static, TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Locale } from 'typebox/system';
import { parseInstant } from '../../contracts/time/instant.ts';
import { Problem, type ProblemItem } from './problem.ts';

type SchemaError = Parameters<typeof Locale.en_US>[0] & { readonly message: string };

/** More than anyone reads, and a bound on what a hostile body can make us say. */
const MOST_ITEMS = 50;

/** What the schema allows, where the library's own words would only say that something else is there. */
function itemOf(error: SchemaError): ProblemItem {
  const pointer = error.instancePath;
  if (error.keyword === 'enum') {
    const allowed = error.params.allowedValues.join(', ');
    return { pointer, detail: { zh: `必须是以下之一: ${allowed}`, en: `must be one of ${allowed}` } };
  }
  if (error.keyword === 'additionalProperties') {
    const names = error.params.additionalProperties.join(', ');
    return { pointer, detail: { zh: `未知字段: ${names}`, en: `unknown fields: ${names}` } };
  }
  return { pointer, detail: { zh: Locale.zh_Hans(error), en: Locale.en_US(error) } };
}

function itemsOf(errors: readonly SchemaError[]): ProblemItem[] {
  // `additionalProperties: false` is reported once for the object and once more for each field.
  return errors
    .filter(({ keyword }) => keyword !== 'boolean')
    .slice(0, MOST_ITEMS)
    .map(itemOf);
}

/** A check of bodies against a schema. @throws Problem 422 with everything that is wrong */
export function createBodyCheck<T extends TSchema>(schema: T): (body: unknown) => Static<T> {
  const compiled = Compile(schema);
  return (body) => {
    if (compiled.Check(body)) return body;
    throw new Problem('body-invalid', {
      detail: { zh: '请求内容与模式不符，见 errors', en: 'the body does not fit its schema; see errors' },
      errors: itemsOf(compiled.Errors(body)),
    });
  };
}

/** One query parameter as it stands in the URL: absent, once, or repeated. */
type RawValue = string | readonly string[] | undefined;

interface ParameterSchema {
  readonly type?: string;
  readonly format?: string;
  readonly items?: { readonly type?: string };
}

const isInstant = (schema: ParameterSchema): boolean => schema.format === 'date-time';

/**
 * In a query `+` means a space, so `…T08:00:00+08:00` arrives with a space unless its writer knew to send `%2B`.
 * A space can stand nowhere else in an instant: it is read as the `+` that was meant.
 */
function repairOffset(text: string): string {
  return text.replace(/ (?=\d{2}:\d{2}$)/, '+');
}

function readNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function readParameter(raw: string | readonly string[], schema: ParameterSchema): unknown {
  if (schema.type === 'array') {
    return [raw]
      .flat()
      .flatMap((text) => text.split(','))
      .map((text) => text.trim())
      .filter((text) => text !== '');
  }
  if (typeof raw !== 'string') return raw;
  if (schema.type === 'integer' || schema.type === 'number') return readNumber(raw);
  return isInstant(schema) ? repairOffset(raw) : raw;
}

function instantItem(name: string, value: string): ProblemItem {
  const shown = JSON.stringify(value.slice(0, 64));
  return {
    pointer: name,
    detail: {
      zh: `${name} 为 ${shown}，须为带时区偏移的 RFC 3339 时刻，例如 2026-11-22T08:00:00%2B08:00`,
      en: `${name} is ${shown}, expected RFC 3339 with offset such as 2026-11-22T08:00:00%2B08:00`,
    },
  };
}

function unknownItem(name: string, known: readonly string[]): ProblemItem {
  const list = known.length === 0 ? undefined : known.join(', ');
  return {
    pointer: name,
    detail: {
      zh: list === undefined ? `未知参数 ${name}；此处没有参数` : `未知参数 ${name}；可用: ${list}`,
      en:
        list === undefined
          ? `unknown parameter ${name}; there are none here`
          : `unknown parameter ${name}; known are ${list}`,
    },
  };
}

function queryProblem(errors: readonly ProblemItem[]): Problem {
  const detail = errors[0]?.detail ?? { zh: '查询参数有误', en: 'the query is not valid' };
  return new Problem('query-invalid', { detail, errors });
}

/**
 * A reader of query strings by a schema: list parameters may repeat or be comma separated, numbers are read, instants
 * are checked, unknown parameters are refused.
 * @throws Problem 400 with everything that is wrong
 */
export function createQueryReader<T extends TObject>(schema: T): (query: unknown) => Static<T> {
  const compiled = Compile(schema);
  const properties = schema.properties as Readonly<Record<string, ParameterSchema>>;
  const known = Object.keys(properties);
  return (query) => {
    const values: Record<string, unknown> = {};
    const errors: ProblemItem[] = [];
    for (const [name, raw] of Object.entries(query as Readonly<Record<string, RawValue>>)) {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property === undefined) errors.push(unknownItem(name.slice(0, 64), known));
      else if (raw !== undefined) values[name] = readParameter(raw, property);
      const value = values[name];
      if (
        property !== undefined &&
        isInstant(property) &&
        typeof value === 'string' &&
        Number.isNaN(parseInstant(value))
      ) {
        errors.push(instantItem(name, value));
      }
    }
    if (errors.length > 0) throw queryProblem(errors);
    if (compiled.Check(values)) return values;
    throw queryProblem(itemsOf(compiled.Errors(values)).map(named));
  };
}

/** The path into the query, with the name of the parameter in the text too: it is what people read. */
function named({ pointer, detail }: ProblemItem): ProblemItem {
  const name = pointer.slice(1).replaceAll('/', '.');
  if (name === '') return { pointer: name, detail };
  return { pointer: name, detail: { zh: `${name} ${detail.zh}`, en: `${name} ${detail.en}` } };
}
