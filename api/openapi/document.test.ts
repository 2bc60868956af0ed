import { Compile } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../tests/support/api-samples.ts';
import { createWorld } from '../../tests/support/api-world.ts';
import { ask } from '../../tests/support/ask.ts';
import { API_VERSION, createParts } from '../app.ts';
import { PROBLEMS } from '../http/problem-list.ts';
import { PERMISSIONS } from '../permissions.ts';
import { RULE_EXAMPLE } from '../resources/rules.ts';
import { PUBLISHED_SCHEMAS, schemaDocument } from '../published-schemas.ts';
import { openapiDocument, templatePath } from './document.ts';

interface Media {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref: string }>>;
}
interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}
interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
  readonly security: readonly object[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string }[];
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
}

const { endpoints, streams } = createParts(createWorld().deps);
streams.stop();
const document = JSON.parse(JSON.stringify(openapiDocument(endpoints, API_VERSION))) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
);

/** What a `$ref` into the document leads to. */
function follow(ref: string): unknown {
  let found: unknown = document;
  for (const part of ref.slice(2).split('/')) found = (found as Record<string, unknown>)[part];
  return found;
}

/** A schema with everything it refers to put into it. */
function whole(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(whole);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string') return whole(follow(value.$ref));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, whole(entry)]));
}

function misfits(schema: object, value: unknown): readonly unknown[] {
  const [, errors] = Compile(whole(schema) as object).Errors(value);
  return errors;
}

describe('the OpenAPI document', () => {
  it('describes every route, and no other', () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(PERMISSIONS).map(templatePath).sort());
  });
  it('names each operation once, under a known tag', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
  });
  it('has no reference that leads nowhere, and nothing that only the code understands', () => {
    const text = JSON.stringify(document);
    for (const [, ref = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) expect(follow(ref), ref).toBeDefined();
    expect(text).not.toContain('"~');
    expect(text).not.toContain('"$id"');
    expect(text).not.toMatch(/"items":\[\{"type"/);
  });
});

describe.each(operations)('$name', ({ path, operation }) => {
  it('declares the parameters of its path', () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared.map(({ name }) => name)).toEqual(inPath);
    expect(declared.every(({ required }) => required)).toBe(true);
  });
  it('documents its errors, each with an example that is one', () => {
    const failures = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    const statuses = failures.map(([status]) => status);
    expect(statuses).toEqual(expect.arrayContaining(['400', '406', '500']));
    if (operation.security.length > 0) expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429', '503']));
    if (path.includes('{')) expect(statuses).toContain('404');
    if (operation.requestBody !== undefined) expect(statuses).toEqual(expect.arrayContaining(['413', '415', '422']));
    for (const [status, { content }] of failures) {
      const media = content?.['application/problem+json'];
      const examples = Object.values(media?.examples ?? {}).map(
        ({ $ref }) => follow($ref) as { value: { status: number } },
      );
      expect(examples.length).toBeGreaterThan(0);
      for (const { value } of examples) {
        expect(value.status).toBe(Number(status));
        expect(misfits(media?.schema ?? {}, value)).toEqual([]);
      }
    }
  });
  it('has examples of what is sent and given that fit their schemas', () => {
    const given = Object.entries(operation.responses).filter(([status]) => Number(status) < 300);
    expect(given).toHaveLength(1);
    const media = [
      ...Object.values(operation.requestBody?.content ?? {}),
      ...Object.values(given[0]?.[1].content ?? {}),
    ];
    for (const { schema, example } of media) {
      if (example !== undefined) expect(misfits(schema, example)).toEqual([]);
    }
    const bodies = Object.entries(given[0]?.[1].content ?? {}).filter(([type]) => type === 'application/json');
    for (const [, { example }] of bodies) expect(example).toBeDefined();
    if (operation.requestBody !== undefined)
      expect(operation.requestBody.content['application/json']?.example).toBeDefined();
  });
});

describe('an answer', () => {
  const json = Object.keys(PERMISSIONS).filter((route) => !/stream|metrics$|GET \/$|DELETE/.test(route));

  it.each(json)('to %s is as documented', async (route) => {
    const world = createWorld();
    world.readModel.ruleList = [RULE_EXAMPLE];
    const { url, ...question } = sampleOf(route, 'demo-cement');
    const response = await ask(world.app(), url, { ...question, as: 'admin' });
    const [method = '', path = ''] = route.split(' ');
    const documented = document.paths[templatePath(path)]?.[method.toLowerCase()]?.responses[response.statusCode];
    const schema = documented?.content?.['application/json']?.schema;
    expect(schema, `${response.statusCode} ${response.body}`).toBeDefined();
    expect(misfits(schema ?? {}, response.json())).toEqual([]);
  });
  it('that is a problem is as documented', async () => {
    const response = await ask(createWorld().app(), '/api/v1/sites?x=1', { as: 'admin' });
    expect(misfits({ $ref: '#/components/schemas/problem' }, response.json())).toEqual([]);
  });
});

describe('the published schemas', () => {
  it.each(Object.keys(PUBLISHED_SCHEMAS))('%s is a JSON Schema of its own', async (name) => {
    const response = await ask(createWorld().app(), `/api/v1/schemas/${name}`);
    expect(response.json()).toEqual(JSON.parse(JSON.stringify(schemaDocument(name))));
    expect(response.json()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `/api/v1/schemas/${name}`,
    });
    expect(response.body).not.toContain('additionalItems');
  });
  it('fit what they describe', async () => {
    const order = { id: 'x', kind: 'limit', from: '2026-11-22', scope: {}, daily: ['22:00', '06:00'] };
    expect(misfits(document.components.schemas['order'] ?? {}, order)).toEqual([]);
    expect(misfits(document.components.schemas['order'] ?? {}, { ...order, daily: ['22:00'] })).not.toEqual([]);
    expect(
      misfits(document.components.schemas['order'] ?? {}, { ...order, daily: ['22:00', '06:00', '07:00'] }),
    ).not.toEqual([]);
  });
  it('are not there under other names', async () => {
    for (const name of ['none', 'constructor']) {
      expect((await ask(createWorld().app(), `/api/v1/schemas/${name}`)).statusCode).toBe(404);
    }
    expect((await ask(createWorld().app(), '/problems/toString')).statusCode).toBe(404);
  });
});

it('every problem is documented somewhere, or is about requests that reach no endpoint', () => {
  const documented = Object.keys(document.components.examples);
  const outside = [
    'request-malformed',
    'method-not-allowed',
    'request-timeout',
    'path-too-long',
    'header-too-large',
    'host-refused',
    'origin-refused',
  ];
  expect([...documented, ...outside].sort()).toEqual(Object.keys(PROBLEMS).sort());
});
