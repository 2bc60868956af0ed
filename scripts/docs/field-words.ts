/** What the fields of the published schemas mean: English from the schema unless said here, Chinese always from here. */
import type { FieldWords } from './language.ts';
import { MESSAGE_FIELDS } from './message-field-words.ts';
import { REGISTRY_FIELDS } from './registry-field-words.ts';
import type { Field } from './schema-fields.ts';

const TABLES: Readonly<Record<string, FieldWords>> = { ...MESSAGE_FIELDS, registry: REGISTRY_FIELDS };

/** The four excusing states have the same fields. */
const EXCUSE = /(?<=[.]excuse[.])(start-up|shut-down|fault|stopped)/;

/** @returns English and Chinese; `''` where something is missing, which a test refuses */
export function fieldWords(schemaName: string, { path, schema }: Field): readonly [en: string, zh: string] {
  const [zh = '', en] = TABLES[schemaName]?.[path.replace(EXCUSE, '{state}')] ?? [];
  return [en ?? schema.description ?? '', zh];
}
