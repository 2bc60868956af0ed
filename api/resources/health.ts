/** Whether this process runs, whether it can do its job now, and its counters. */
import { Type } from 'typebox';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, type Endpoint } from '../endpoint.ts';
import { Problem } from '../http/problem.ts';

const TAG = 'health';
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const ReadinessSchema = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.Optional(Type.String()) })),
  },
  { title: 'Readiness' },
);

interface Place {
  readonly prefix: string;
  /** Suffix of the operation names: they are unique in the document. */
  readonly suffix: string;
}

function live({ prefix, suffix }: Place): Endpoint {
  return endpoint({
    method: 'GET',
    path: `${prefix}/health/live`,
    operation: `getLiveness${suffix}`,
    tag: TAG,
    isUncounted: true,
    summary: 'The process runs',
    success: {
      status: 200,
      description: 'it runs',
      schema: Type.Object({ live: Type.Literal(true) }),
      example: { live: true },
    },
    answer: () => json({ live: true }),
  });
}

function ready({ readiness }: ApiDeps, { prefix, suffix }: Place): Endpoint {
  return endpoint({
    method: 'GET',
    path: `${prefix}/health/ready`,
    operation: `getReadiness${suffix}`,
    tag: TAG,
    isUncounted: true,
    summary: 'The process can do its job now',
    success: {
      status: 200,
      description: 'it can',
      schema: ReadinessSchema,
      example: { ready: true, checks: [{ name: 'storage', ok: true }] },
    },
    problems: ['not-ready'],
    answer: async () => {
      const state = await readiness();
      if (state.ready) return json({ ready: true, checks: state.checks });
      const failed = state.checks
        .filter(({ ok }) => !ok)
        .map(({ name }) => name)
        .join(', ');
      throw new Problem('not-ready', {
        detail: { zh: `未通过: ${failed}`, en: `not passed: ${failed}` },
        headers: { 'retry-after': '5' },
        members: { ready: false, checks: state.checks },
      });
    },
  });
}

function metrics({ metricsText }: ApiDeps, { prefix, suffix }: Place): Endpoint {
  return endpoint({
    method: 'GET',
    path: `${prefix}/metrics`,
    operation: `getMetrics${suffix}`,
    tag: TAG,
    isUncounted: true,
    summary: 'Counters of this process for Prometheus; emissions are not among them',
    types: ['text/plain'],
    success: {
      status: 200,
      description: 'Prometheus text format',
      schema: Type.String(),
      example: 'stackwarden_reports_total 288000\n',
    },
    answer: async () => ({ kind: 'text', body: await metricsText(), type: METRICS_TYPE }),
  });
}

/** At the root, where probes look first, and under the API. */
export function healthEndpoints(deps: ApiDeps): readonly Endpoint[] {
  const places: readonly Place[] = [
    { prefix: '', suffix: 'AtRoot' },
    { prefix: '/api/v1', suffix: '' },
  ];
  return places.flatMap((place) => [live(place), ready(deps, place), metrics(deps, place)]);
}
