/** Words for what was seen and what was expected, for messages that a person at a registry reads. */

/** The part of JSON Schema that the registry's schemas use. */
export interface JsonSchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array';
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
}

/** Letters of a seen value that are shown. */
const SHOWN = 60;

function clip(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was seen: `text "5"`, `number 5`, `nothing`, `a list of 2`, `a mapping with id, kind`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `text ${JSON.stringify(clip(value))}`;
  if (typeof value === 'number') return `number ${value}`;
  if (typeof value === 'boolean') return `${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (!isMapping(value)) return typeof value;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty mapping' : `a mapping with ${clip(keys.join(', '))}`;
}

const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[a-z0-9][a-z0-9-]{0,62}$': 'an id of lower-case letters, digits and hyphens, at most 63',
  '^[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9-]{0,62}$': 'a line as site/line',
  '^\\d{2}:\\d{2}$': 'a time of day such as "22:00"',
  '^[^\\s/?#]+$': 'an id without spaces and without / ? #',
  '^[a-z0-9][a-z0-9-]*$': 'a state of lower-case letters, digits and hyphens',
};

function numberWords(schema: JsonSchema): string {
  const bounds: string[] = [];
  if (schema.exclusiveMinimum !== undefined) bounds.push(`above ${schema.exclusiveMinimum}`);
  if (schema.minimum !== undefined) bounds.push(`from ${schema.minimum}`);
  if (schema.exclusiveMaximum !== undefined) bounds.push(`below ${schema.exclusiveMaximum}`);
  if (schema.maximum !== undefined) bounds.push(`up to ${schema.maximum}`);
  const kind = schema.type === 'integer' ? 'a whole number' : 'a number';
  return [kind, ...bounds].join(' ');
}

function typeWords(schema: JsonSchema): string {
  switch (schema.type) {
    case 'string':
      return (schema.pattern === undefined ? undefined : PATTERN_WORDS[schema.pattern]) ?? 'text';
    case 'number':
    case 'integer':
      return numberWords(schema);
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'nothing';
    case 'array':
      return Array.isArray(schema.items) ? `a list of ${schema.items.length}` : 'a list';
    case 'object':
      return 'a mapping';
    default:
      return 'something else';
  }
}

/** What was expected: `a number above 0 (the rated power in kW)`, `one of A, B, C`, `text or a list`. */
export function describeSchema(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(describeSchema).join(' or ');
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const words = typeWords(schema);
  if (schema.description === undefined || words === schema.description) return words;
  // "an ISO 8601 duration" says more than "text (an ISO 8601 duration)".
  return words === 'text' && schema.description.startsWith('an ')
    ? schema.description
    : `${words} (${schema.description})`;
}
