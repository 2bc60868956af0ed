/** One request for each route, about a thing of a site of the world of `api-world.ts`. */
import type { Question } from './ask.ts';

export interface Sample {
  readonly url: string;
  readonly method: NonNullable<Question['method']>;
  readonly body?: unknown;
}

interface Form {
  readonly url?: (site: string) => string;
  readonly body?: (site: string) => unknown;
}

const FROM = 'from=2026-11-22T08:00:00%2B08:00';
const findingOf = (site: string): string => (site === 'demo-cement' ? 'f-own' : 'f-far');
const orderOf = (site: string): string => (site === 'demo-cement' ? 'O-own' : 'O-far');
const order = (site: string): unknown => ({
  id: orderOf(site),
  kind: 'shutdown',
  from: '2026-11-22',
  scope: { sites: [site] },
});

/** Routes that are not listed are asked by their own path. */
const FORMS: Readonly<Record<string, Form>> = {
  'GET /problems/:code': { url: () => '/problems/not-found' },
  'GET /api/v1/schemas/:name': { url: () => '/api/v1/schemas/report' },
  'GET /api/v1/sites/:site': { url: (site) => `/api/v1/sites/${site}` },
  'GET /api/v1/sites/:site/latest': { url: (site) => `/api/v1/sites/${site}/latest` },
  'GET /api/v1/sites/:site/signals/:device.:signal/data': {
    url: (site) => `/api/v1/sites/${site}/signals/cems-1.so2/data?${FROM}&every=PT1H`,
  },
  'GET /api/v1/means': { url: (site) => `/api/v1/means?site=${site}&${FROM}` },
  'GET /api/v1/findings/:id': { url: (site) => `/api/v1/findings/${findingOf(site)}` },
  'GET /api/v1/findings/:id/revisions': { url: (site) => `/api/v1/findings/${findingOf(site)}/revisions` },
  'GET /api/v1/rules/:id': { url: () => '/api/v1/rules/falsification.frozen' },
  'GET /api/v1/orders/:id': { url: (site) => `/api/v1/orders/${orderOf(site)}` },
  'POST /api/v1/orders': { body: (site) => ({ ...(order(site) as object), id: 'O-new' }) },
  'PUT /api/v1/orders/:id': { url: (site) => `/api/v1/orders/${orderOf(site)}`, body: order },
  'POST /api/v1/marks': { body: (site) => ({ site, state: 'stopped', from: '2026-11-22' }) },
  'GET /api/v1/dead-letters/:id': { url: (site) => `/api/v1/dead-letters/d-${site}` },
  'POST /api/v1/dead-letters/:id/redrive': { url: (site) => `/api/v1/dead-letters/d-${site}/redrive` },
  'PUT /api/v1/registry': { body: () => ({ files: [{ name: 'a.yaml', text: '' }] }) },
  'POST /api/v1/credentials': { body: (site) => ({ user: `${site}/m-kiln` }) },
  'DELETE /api/v1/credentials/:user': { url: (site) => `/api/v1/credentials/${site}%2Fcems-1` },
  'POST /api/v1/keys': { body: () => ({ name: 'new', role: 'watch' }) },
  'DELETE /api/v1/keys/:id': { url: () => '/api/v1/keys/k-analyst' },
};

/** @param route as it stands in the table of permissions: `GET /api/v1/sites/:site` */
export function sampleOf(route: string, site: string): Sample {
  const [method = 'GET', path = '/'] = route.split(' ');
  const { url, body } = FORMS[route] ?? {};
  const sample = { url: url?.(site) ?? path, method: method as Sample['method'] };
  return body === undefined ? sample : { ...sample, body: body(site) };
}
