/** What describes the API itself: the OpenAPI document, the JSON Schemas, the meaning of each problem. */
import { Type } from 'typebox';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { API_ROOT } from '../http/link.ts';
import { isProblemCode, PROBLEMS } from '../http/problem-list.ts';
import { noSuch } from '../http/problem.ts';
import { pageOf } from '../shapes.ts';
import { PUBLISHED_SCHEMAS, schemaDocument } from '../published-schemas.ts';

const TAG = 'documents';
const AnyObject = Type.Record(Type.String(), Type.Unknown());

/** @param document the OpenAPI document; made when it is first asked for, because it describes this endpoint too */
function getOpenapi(document: () => unknown): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/openapi.json',
    operation: 'getOpenapi',
    tag: TAG,
    summary: 'This API as an OpenAPI 3.1 document',
    success: { status: 200, description: 'the document', schema: AnyObject, example: { openapi: '3.1.0' } },
    answer: () => json(document()),
  });
}

function listSchemas(): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/schemas',
    operation: 'listSchemas',
    tag: TAG,
    summary: 'Names and places of the published JSON Schemas',
    success: {
      status: 200,
      description: 'the schemas',
      schema: pageOf(Type.Object({ name: Type.String(), href: Type.String() })),
      example: { items: [{ name: 'report', href: '/api/v1/schemas/report' }], next: null },
    },
    answer: () => {
      const items = Object.keys(PUBLISHED_SCHEMAS).map((name) => ({ name, href: `${API_ROOT}/schemas/${name}` }));
      return rows({ items, next: null, columns: ['name', 'href'] });
    },
  });
}

function getSchema(): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/schemas/:name',
    operation: 'getSchema',
    tag: TAG,
    summary: 'One JSON Schema (2020-12): report, file-report, registry, finding, mean, order, mark or rule',
    params: Type.Object({ name: Type.String({ examples: ['report'] }) }),
    types: ['application/json', 'application/schema+json'],
    success: {
      status: 200,
      description: 'the schema',
      schema: AnyObject,
      example: { title: 'Report', type: 'object' },
    },
    problems: ['not-found'],
    answer: ({ params }) => {
      const schema = schemaDocument(params.name);
      if (schema === undefined) throw noSuch('模式', 'schema', params.name);
      return json(schema);
    },
  });
}

function getProblem(): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/problems/:code',
    operation: 'getProblem',
    tag: TAG,
    summary: 'What a problem `type` means',
    params: Type.Object({ code: Type.String({ examples: ['query-invalid'] }) }),
    success: {
      status: 200,
      description: 'the meaning',
      schema: Type.Object({
        code: Type.String(),
        status: Type.Integer(),
        titleZh: Type.String(),
        titleEn: Type.String(),
      }),
      example: { code: 'query-invalid', status: 400, titleZh: '查询参数有误', titleEn: 'The query is not valid' },
    },
    problems: ['not-found'],
    answer: ({ params }) => {
      if (!isProblemCode(params.code)) throw noSuch('问题类型', 'problem', params.code);
      const { status, zh, en } = PROBLEMS[params.code];
      return json({ code: params.code, status, titleZh: zh, titleEn: en });
    },
  });
}

export function documentEndpoints(document: () => unknown): readonly Endpoint[] {
  return [getOpenapi(document), listSchemas(), getSchema(), getProblem()];
}
