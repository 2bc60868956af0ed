/** Findings 线索: what the rules saw. Suspicion, never a verdict. */
import { Type, type Static } from 'typebox';
import { CATEGORIES, FINDING_STATES, FindingSchema, SEVERITIES, type Finding } from '../../contracts/finding.ts';
import type { FindingFilter } from '../../contracts/ports/read-model.ts';
import { visibilityOf } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { noSuch } from '../http/problem.ts';
import { pageRequest } from '../pages.ts';
import { readOpenRange } from '../ranges.ts';
import { component, FROM, IdText, PAGE_QUERY, pageOf, several, TO } from '../shapes.ts';
import { findingLinks } from './finding-links.ts';
import { FINDING_EXAMPLE } from './finding-example.ts';

const TAG = 'findings';

const COLUMNS = [
  ...['id', 'rule', 'ruleVersion', 'category', 'site', 'district'],
  ...['subject.outlet', 'subject.line', 'subject.device', 'subject.signal', 'subject.order'],
  ...['start', 'end', 'detectedAt', 'state', 'revision', 'severity', 'confidence'],
  ...['title.zh', 'title.en', 'explanation.zh', 'explanation.en', 'evidence', 'basis'],
  ...['withdrawn.cause', 'withdrawn.successor'],
];

const FindingQuery = Type.Object({
  ...PAGE_QUERY,
  rule: several(Type.String(), 'ids of rules'),
  category: several(Type.Enum([...CATEGORIES]), 'categories'),
  state: several(Type.Enum([...FINDING_STATES]), 'states'),
  severity: several(Type.Enum([...SEVERITIES]), 'severities'),
  site: several(IdText, 'sites'),
  district: several(IdText, 'districts'),
  from: Type.Optional(FROM),
  to: Type.Optional(TO),
});

function filterOf(query: Static<typeof FindingQuery>): FindingFilter {
  return {
    ...(query.rule && { rules: query.rule }),
    ...(query.category && { categories: query.category }),
    ...(query.state && { states: query.state }),
    ...(query.severity && { severities: query.severity }),
    ...(query.site && { sites: query.site }),
    ...(query.district && { districts: query.district }),
    ...readOpenRange(query),
  };
}

function listFindings({ readModel }: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/findings',
    operation: 'listFindings',
    tag: TAG,
    summary: 'Findings, each in its newest revision',
    description: '`from` and `to` select findings whose behaviour overlaps the range. Filters hold together.',
    query: FindingQuery,
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'a page of findings',
      schema: pageOf(component('finding')),
      example: { items: [FINDING_EXAMPLE], next: null },
    },
    answer: async ({ query, caller }) => {
      const page = await readModel.findings(filterOf(query), pageRequest(query), visibilityOf(caller));
      return rows({ ...page, columns: COLUMNS });
    },
  });
}

const Link = Type.String({ description: 'path of a resource of this API' });
const LinkedFindingSchema = Type.Object(
  {
    ...FindingSchema.properties,
    links: Type.Object({
      site: Link,
      rule: Link,
      revisions: Link,
      order: Type.Optional(Link),
      series: Type.Array(Link, { description: 'values that it was made from, an hour before and after it included' }),
      means: Type.Array(Link, { description: 'means that it was made from' }),
    }),
  },
  { title: 'Finding with links to what made it' },
);

const FindingParams = Type.Object({ id: Type.String({ examples: [FINDING_EXAMPLE.id] }) });
const noFinding = (id: string) => noSuch('线索', 'finding', id);

function getFinding({ readModel, registry }: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/findings/:id',
    operation: 'getFinding',
    tag: TAG,
    summary: 'One finding in its newest revision, with links to the series and means that made it',
    params: FindingParams,
    success: {
      status: 200,
      description: 'the finding',
      schema: LinkedFindingSchema,
      example: {
        ...FINDING_EXAMPLE,
        links: {
          site: '/api/v1/sites/demo-cement',
          rule: '/api/v1/rules/falsification.frozen',
          revisions: `/api/v1/findings/${FINDING_EXAMPLE.id}/revisions`,
          series: [],
          means: [],
        },
      },
    },
    problems: ['not-found'],
    answer: async ({ params, caller }) => {
      const finding = await readModel.finding(params.id, visibilityOf(caller));
      if (finding === undefined) throw noFinding(params.id);
      return json({ ...finding, links: findingLinks(finding, registry()) });
    },
  });
}

function getRevisions({ readModel }: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/findings/:id/revisions',
    operation: 'listFindingRevisions',
    tag: TAG,
    summary: 'Every revision of a finding, oldest first',
    params: FindingParams,
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'the revisions',
      schema: pageOf(component('finding')),
      example: { items: [FINDING_EXAMPLE], next: null },
    },
    problems: ['not-found'],
    answer: async ({ params, caller }) => {
      const items: readonly Finding[] = await readModel.findingRevisions(params.id, visibilityOf(caller));
      if (items.length === 0) throw noFinding(params.id);
      return rows({ items, next: null, columns: COLUMNS });
    },
  });
}

export function findingEndpoints(deps: ApiDeps): readonly Endpoint[] {
  return [listFindings(deps), getFinding(deps), getRevisions(deps)];
}
