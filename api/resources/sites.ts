/** Sites 企业: who they are, what the registry says of them, and what they sent last. */
import { Type } from 'typebox';
import type { LatestValue } from '../../contracts/ports/read-model.ts';
import { formatClockDuration } from '../../contracts/time/duration.ts';
import type { Registry, Site } from '../../contracts/registry/registry.ts';
import { seesDistrict, type Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import type { OrderShelf } from '../order-shelf.ts';
import { scopeNames, seesOrder } from '../order-reach.ts';
import { pageByKey, pageRequest } from '../pages.ts';
import { EXAMPLE_INSTANT, IdText, InstantText, nullable, PAGE_QUERY, pageOf, several } from '../shapes.ts';
import { requireSite } from '../visible-sites.ts';
import { SITE_EXAMPLE, SiteSchema, SiteSummarySchema, type SiteView } from './site-shapes.ts';
import { deviceView, lineView, outletView, siteSummary } from './site-view.ts';

const SUMMARY_COLUMNS = Object.keys(SiteSummarySchema.properties);
const TAG = 'sites';
const SiteParams = Type.Object({ site: IdText });

const LatestSchema = Type.Object(
  {
    device: IdText,
    signal: IdText,
    unit: Type.String(),
    ts: InstantText,
    period: nullable(Type.String({ description: 'ISO 8601; null: an instant' })),
    value: Type.Union([Type.Number(), Type.String()]),
    flag: Type.String({ description: 'HJ 212 data mark' }),
    received: InstantText,
  },
  { title: 'Newest value of a signal' },
);

const SiteQuery = Type.Object({
  ...PAGE_QUERY,
  district: several(IdText, 'in these districts'),
  industry: several(Type.String(), 'of these industries'),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'part of the id or the name' })),
});

const includes = <T>(list: readonly T[] | undefined, item: T): boolean => list?.includes(item) ?? true;

function isWanted(
  site: Site,
  query: { district?: string[]; industry?: string[]; q?: string },
  caller: Caller,
): boolean {
  const q = query.q?.toLowerCase() ?? '';
  return (
    seesDistrict(caller, site.district) &&
    includes(query.district, site.district) &&
    includes(query.industry, site.industry) &&
    (site.id.includes(q) || site.name.toLowerCase().includes(q))
  );
}

function listSites({ registry, now }: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/sites',
    operation: 'listSites',
    tag: TAG,
    summary: 'Sites, in the order of their ids',
    query: SiteQuery,
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'a page of sites',
      schema: pageOf(SiteSummarySchema),
      example: { items: [SITE_EXAMPLE], next: null },
    },
    answer: ({ query, caller }) => {
      const sites = [...registry().sites.values()].filter((site) => isWanted(site, query, caller));
      const page = pageByKey(sites, pageRequest(query), ({ id }) => id);
      const at = now();
      return rows({
        items: page.items.map((site) => siteSummary(site, at)),
        next: page.next,
        columns: SUMMARY_COLUMNS,
      });
    },
  });
}

function getSite(deps: ApiDeps, shelf: OrderShelf): Endpoint {
  const view = async (site: Site, registry: Registry, caller: Caller): Promise<SiteView> => {
    const at = deps.now();
    const { time } = registry;
    const [latest, orders] = await Promise.all([deps.readModel.latest(site.id), shelf.inForce(at)]);
    const reaching = orders.filter(
      ({ order }) => seesOrder(order, registry, caller) && scopeNames(order.scope, site, at),
    );
    return {
      ...siteSummary(site, at),
      permit: site.permit ?? null,
      ...(caller.role === 'analyst' ? {} : { contacts: [...site.contacts] }),
      devices: [...site.devices.values()].map((device) => deviceView(device, latest, time)),
      outlets: site.outlets.map((outlet) => outletView(outlet, time)),
      lines: site.lines.map((line) => lineView(line, at)),
      orders: reaching.map(({ order }) => order.id),
      rules: site.rules,
    };
  };
  return endpoint({
    method: 'GET',
    path: '/api/v1/sites/:site',
    operation: 'getSite',
    tag: TAG,
    summary: 'One site: registry facts, statuses in force now, devices with the time of their newest value',
    params: SiteParams,
    success: {
      status: 200,
      description: 'the site',
      schema: SiteSchema,
      example: {
        ...SITE_EXAMPLE,
        permit: '91410183MA0000000X001P',
        devices: [],
        outlets: [],
        lines: [],
        orders: [],
        rules: {},
      },
    },
    problems: ['not-found'],
    answer: async ({ params, caller }) => {
      const registry = deps.registry();
      return json(await view(requireSite(registry, params.site, caller), registry, caller));
    },
  });
}

function latestView(value: LatestValue, registry: Registry) {
  return {
    device: value.device,
    signal: value.signal,
    unit: registry.signals.get(value.signal)?.unit ?? '',
    ts: registry.time.format(value.ts),
    period: value.periodMs === 0 ? null : formatClockDuration(value.periodMs),
    value: value.value,
    flag: value.flag,
    received: registry.time.format(value.received),
  };
}

function getLatest({ registry, readModel }: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/sites/:site/latest',
    operation: 'listLatestValues',
    tag: TAG,
    summary: 'The newest value of every signal of a site',
    params: SiteParams,
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'one item a signal',
      schema: pageOf(LatestSchema),
      example: {
        items: [
          {
            device: 'cems-1',
            signal: 'so2',
            unit: 'mg/m³',
            ts: EXAMPLE_INSTANT,
            period: null,
            value: 12.3,
            flag: 'N',
            received: EXAMPLE_INSTANT,
          },
        ],
        next: null,
      },
    },
    problems: ['not-found'],
    answer: async ({ params, caller }) => {
      const now = registry();
      const site = requireSite(now, params.site, caller);
      const values = await readModel.latest(site.id);
      const items = values.map((value) => latestView(value, now));
      return rows({ items, next: null, columns: Object.keys(LatestSchema.properties) });
    },
  });
}

export function siteEndpoints(deps: ApiDeps, shelf: OrderShelf): readonly Endpoint[] {
  return [listSites(deps), getSite(deps, shelf), getLatest(deps)];
}
