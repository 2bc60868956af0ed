/** Parts of the API's own schemas: pages, query parameters, names of things. */
import {
  Type,
  type TArray,
  type TNull,
  type TObject,
  type TOptional,
  type TSchema,
  type TString,
  type TUnion,
} from 'typebox';

/** A reference to a published schema: a component of the OpenAPI document. */
export const component = (name: string): TSchema => Type.Unsafe({ $ref: `#/components/schemas/${name}` });

export const EXAMPLE_INSTANT = '2026-11-22T08:00:00+08:00';

export const InstantText = Type.String({ description: 'RFC 3339 with offset', examples: [EXAMPLE_INSTANT] });

export const nullable = <T extends TSchema>(schema: T): TUnion<[T, TNull]> => Type.Union([schema, Type.Null()]);

/** A page of a list. */
export type PageSchema<T extends TSchema> = TObject<{ items: TArray<T>; next: TUnion<[TString, TNull]> }>;
export const pageOf = <T extends TSchema>(item: T): PageSchema<T> =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], { description: 'cursor of the next page; null at the end' }),
  });

/** A query parameter that may repeat or be comma separated; several values mean any of them. */
export const several = <T extends TSchema>(item: T, description: string): TOptional<TArray<T>> =>
  Type.Optional(
    Type.Array(item, { minItems: 1, maxItems: 100, description: `${description}; may repeat or be comma separated` }),
  );

export const DEFAULT_LIMIT = 100;
export const PAGE_QUERY = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, default: DEFAULT_LIMIT, description: 'most items of one page' }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1_024, description: 'where the page begins: `next` of the page before' }),
  ),
};

const instant = (description: string) =>
  Type.String({
    format: 'date-time',
    description: `${description}; RFC 3339 with offset, its \`+\` sent as \`%2B\` (a space in its place is understood)`,
    examples: [EXAMPLE_INSTANT],
  });
export const FROM = instant('begin, inclusive');
export const TO = instant('end, exclusive');

/** Ids of sites, devices, signals, outlets and lines; anything else names nothing. */
export const IdText = Type.String({ examples: ['demo-cement'] });
