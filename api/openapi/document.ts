/** The OpenAPI 3.1 document, made from the same descriptions that the router checks by. */
import type { TSchema } from 'typebox';
import type { AnswerDoc, Endpoint } from '../endpoint.ts';
import { CSV_TYPE, JSON_TYPE, NDJSON_TYPE } from '../http/accept.ts';
import { API_ROOT } from '../http/link.ts';
import { PROBLEMS, type ProblemCode } from '../http/problem-list.ts';
import { problemBody, Problem, PROBLEM_TYPE } from '../http/problem.ts';
import { permissionOf } from '../permissions.ts';
import { PUBLISHED_SCHEMAS } from '../published-schemas.ts';
import { PROBLEM_SCHEMA, TAGS } from './parts.ts';
import { plainSchema } from './plain-schema.ts';

type Part = Record<string, unknown>;

/** `/sites/:site/signals/:device.:signal` as OpenAPI writes it. */
export const templatePath = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

function parameters(place: 'path' | 'query', schema: TSchema | undefined): Part[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, examples, ...plain } = plainSchema(property);
    const list = Array.isArray(examples) ? (examples as unknown[]) : [];
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: plain,
      // Repeated is the documented form; comma separated is understood as well.
      ...(plain['type'] === 'array' ? { style: 'form', explode: true } : {}),
      ...(list.length === 0 ? {} : { example: list[0] }),
    };
  });
}

/** Problems that every endpoint of a kind can answer with, beside its own. */
function problemsOf(endpoint: Endpoint): ProblemCode[] {
  const { method, path } = endpoint;
  const permission = permissionOf(method, path);
  const isPublic = permission?.roles.length === 0;
  const codes: ProblemCode[] = ['query-invalid', 'not-acceptable', 'internal'];
  if (endpoint.isUncounted !== true) codes.push('rate-exceeded');
  if (!isPublic) codes.push('key-missing', 'key-unknown', 'role-insufficient', 'unavailable');
  if (endpoint.query !== undefined && 'cursor' in endpoint.query.properties) codes.push('request-refused');
  if (permission?.limited === 'refused') codes.push('key-limited');
  if (endpoint.body !== undefined)
    codes.push('body-not-json', 'body-too-large', 'media-type-unsupported', 'body-invalid');
  return [...new Set([...codes, ...(endpoint.problems ?? [])])];
}

/** What a problem looks like; the same wherever it comes from. */
function problemExample(code: ProblemCode): Part {
  const { zh, en } = PROBLEMS[code];
  const problem = new Problem(code, { detail: { zh, en } });
  const requestId = '6f1c2a4e-0000-4000-8000-000000000000';
  return { value: problemBody(problem, { language: 'en', instance: API_ROOT, requestId }) };
}

/** One response for each status; the problems that share it are its examples. */
function problemResponses(endpoint: Endpoint): Part {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(endpoint)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses: Part = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\` ${PROBLEMS[code].en}`).join('; '),
      content: {
        [PROBLEM_TYPE]: {
          schema: { $ref: '#/components/schemas/problem' },
          examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
        },
      },
    };
  }
  return responses;
}

function content(type: string, { schema, example }: AnswerDoc): Part {
  if (type === CSV_TYPE) return { schema: { type: 'string', description: 'RFC 4180, one line an item' } };
  if (type === NDJSON_TYPE) return { schema: { type: 'string', description: 'one item a line, as in `items`' } };
  return { schema: plainSchema(schema ?? {}), example };
}

const header = (description: string): Part => ({ description, schema: { type: 'string' } });

function successResponse({ success, types = [JSON_TYPE] }: Endpoint): Part {
  const headers: Part = Object.fromEntries(
    Object.entries(success.headers ?? {}).map(([name, description]) => [name, header(description)]),
  );
  if (types.includes(CSV_TYPE)) headers['link'] = header('`rel="next"`: the next page, where there is one');
  return {
    description: success.description,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(success.schema === undefined
      ? {}
      : { content: Object.fromEntries(types.map((type) => [type, content(type, success)])) }),
  };
}

function operation(endpoint: Endpoint): Part {
  const { operation: operationId, tag, summary, description, body, bodyExample } = endpoint;
  const permission = permissionOf(endpoint.method, endpoint.path);
  const roles = permission?.roles ?? [];
  const all = [...parameters('path', endpoint.params), ...parameters('query', endpoint.query)];
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(all.length === 0 ? {} : { parameters: all }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { [JSON_TYPE]: { schema: plainSchema(body), example: bodyExample } },
          },
        }),
    responses: { [endpoint.success.status]: successResponse(endpoint), ...problemResponses(endpoint) },
    security: roles.length === 0 ? [] : [{ key: [] }],
    'x-roles': roles.length === 0 ? ['everyone'] : roles,
  };
}

function paths(endpoints: readonly Endpoint[]): Part {
  const result: Record<string, Part> = {};
  for (const endpoint of endpoints) {
    const path = templatePath(endpoint.path);
    result[path] = { ...result[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return result;
}

/** @param version of the API's form; it grows and nothing in it changes meaning */
export function openapiDocument(endpoints: readonly Endpoint[], version: string): Record<string, unknown> {
  const schemas = Object.fromEntries(
    Object.entries(PUBLISHED_SCHEMAS).map(([name, schema]) => [name, plainSchema(schema)]),
  );
  const codes = new Set(endpoints.flatMap(problemsOf));
  return {
    openapi: '3.1.0',
    info: {
      title: 'stackwarden',
      version,
      summary: 'Permits, data falsification and production orders, watched',
      description:
        'Errors are RFC 9457 problems. Times are RFC 3339 with offset; ranges hold `from` and not `to`. Lists are pages: ' +
        '`{"items": […], "next": cursor or null}`; as CSV or NDJSON the next page stands in the `Link` header. ' +
        'Language of errors by `Accept-Language` (zh or en, English unless said), both always beside it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    paths: paths(endpoints),
    components: {
      schemas: { ...schemas, problem: PROBLEM_SCHEMA },
      examples: Object.fromEntries([...codes].sort().map((code) => [code, problemExample(code)])),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'an API key' } },
    },
  };
}
