/** Schemas of the code as plain JSON Schema 2020-12. */
import type { TSchema } from 'typebox';

type Plain = Record<string, unknown>;

const isRecord = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A tuple in the words of draft 7 (`items` is a list), in those of 2020-12. */
function tuple({ items, additionalItems, ...rest }: Plain): Plain {
  return { ...rest, prefixItems: items, items: additionalItems ?? false };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(
    ([key, entry]) => !key.startsWith('~') && key !== '$id' && entry !== undefined,
  );
  const copy = Object.fromEntries(entries.map(([key, entry]) => [key, plain(entry)]));
  return Array.isArray(copy['items']) ? tuple(copy) : copy;
}

/** A copy without what only the library that made it understands. */
export function plainSchema(schema: TSchema): Plain {
  return plain(schema) as Plain;
}
