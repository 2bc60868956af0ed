/** Fields of a JSON Schema as rows of tables: where each stands, what form it has, whether it must be there. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
}

export interface Field {
  /** Below the part it stands in: `scope.sites`, `values.{name}.avg`. */
  readonly name: string;
  /** From the top of the schema, lists without their index: `sites[].devices[].id`. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** An object of the schema with a table of its own: the whole, or what a list holds. */
export interface Part {
  /** `''` is the whole, else `sites[].devices[]`. */
  readonly path: string;
  readonly fields: readonly Field[];
}

const KEY = '{name}';

/** The variants that say something: without `null`. */
export function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema.anyOf ?? [schema]).filter(({ type }) => type !== 'null');
}

export const mayBeNull = (schema: JsonSchema): boolean => (schema.anyOf ?? []).some(({ type }) => type === 'null');

/** What a list of objects holds, where the schema is one. */
export function entryOf(schema: JsonSchema): JsonSchema | undefined {
  for (const { items } of variantsOf(schema))
    if (typeof items === 'object' && items.properties !== undefined) return items;
  return undefined;
}

/** A value for ever or a list of values with `from` and `to`: its entries hold nothing else, so they get no table. */
export function isDated(schema: JsonSchema): boolean {
  return entryOf(schema)?.properties?.['value'] !== undefined;
}

/** Objects below a field whose fields stand in the same table, with the name they add. */
function inner(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  return variantsOf(schema).flatMap((variant): (readonly [string, JsonSchema])[] => {
    const [named] = Object.values(variant.patternProperties ?? {});
    if (named !== undefined) return inner(named).map(([name, object]) => [`.${KEY}${name}`, object]);
    return variant.properties === undefined ? [] : [['', variant]];
  });
}

function fieldsOf(object: JsonSchema, at: { readonly name: string; readonly path: string }): readonly Field[] {
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {}).flatMap(([key, schema]) => {
    const [name, path] = [`${at.name}${key}`, `${at.path}${key}`];
    const below = inner(schema).flatMap(([added, child]) =>
      fieldsOf(child, { name: `${name}${added}.`, path: `${path}${added}.` }),
    );
    return [{ name, path, schema, isRequired: required.has(key) }, ...below];
  });
}

/** The schema in parts, the whole first, then what its lists hold, in order. */
export function partsOf(schema: JsonSchema, path = ''): readonly Part[] {
  const fields = fieldsOf(schema, { name: '', path: path === '' ? '' : `${path}.` });
  const below = fields.flatMap((field) => {
    const entry = isDated(field.schema) ? undefined : entryOf(field.schema);
    return entry === undefined ? [] : partsOf(entry, `${field.path}[]`);
  });
  return [{ path, fields }, ...below];
}
