/** The form of a field in a few words: type, choices, bounds. */
import type { Say } from './language.ts';
import { entryOf, isDated, mayBeNull, variantsOf, type JsonSchema } from './schema-fields.ts';

const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  string: ['text', '文本'],
  number: ['number', '数'],
  integer: ['whole number', '整数'],
  boolean: ['true or false', 'true 或 false'],
  object: ['object', '对象'],
};

const ID = '^[a-z0-9][a-z0-9-]{0,62}$';

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const parts = [
    minimum === undefined ? '' : `≥ ${String(minimum)}`,
    exclusiveMinimum === undefined ? '' : `> ${String(exclusiveMinimum)}`,
    maximum === undefined ? '' : `≤ ${String(maximum)}`,
    exclusiveMaximum === undefined ? '' : `< ${String(exclusiveMaximum)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function typeWords(schema: JsonSchema, say: Say): string {
  if (schema.pattern === ID) return say('id', '编号');
  const words = TYPES[schema.type ?? ''];
  const name = words === undefined ? say('anything', '任意') : say(...words);
  const range = bounds(schema);
  return range === '' ? name : `${name} ${range}`;
}

function listWords(schema: JsonSchema, say: Say): string | undefined {
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map((item) => formOf(item, say)).join(', ')}]`;
  if (schema.type !== 'array') return undefined;
  const { items } = schema;
  if (entryOf(schema) !== undefined || typeof items !== 'object') return say('list', '列表');
  return say(`list of ${formOf(items, say)}`, `${formOf(items, say)}的列表`);
}

function mapWords({ patternProperties }: JsonSchema, say: Say): string | undefined {
  const [value] = Object.values(patternProperties ?? {});
  return value === undefined ? undefined : say(`name → ${formOf(value, say)}`, `名称 → ${formOf(value, say)}`);
}

function variantWords(schema: JsonSchema, say: Say): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((name) => `\`${name}\``).join(' ');
  return listWords(schema, say) ?? mapWords(schema, say) ?? typeWords(schema, say);
}

/** `text`, `number > 0`, `` `dry` `wet` ``, `id or list`, `…, dated` for values that may change in time. */
export function formOf(schema: JsonSchema, say: Say): string {
  if (isDated(schema)) {
    const [value] = variantsOf(schema);
    return say(`${variantWords(value ?? {}, say)}; may be dated`, `${variantWords(value ?? {}, say)}；可分时段`);
  }
  const words = [...new Set(variantsOf(schema).map((variant) => variantWords(variant, say)))];
  return [...words, ...(mayBeNull(schema) ? ['null'] : [])].join(say(' or ', ' 或 '));
}
