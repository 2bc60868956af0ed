/** Means: clock hours, days and other averages, judged or unknown. */
import { Type } from 'typebox';
import { MeanSchema } from '../../contracts/mean.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { pageRequest } from '../pages.ts';
import { readRange } from '../ranges.ts';
import { component, FROM, IdText, PAGE_QUERY, pageOf, TO } from '../shapes.ts';
import { requireSite } from '../visible-sites.ts';
import { MEAN_EXAMPLE } from './mean-example.ts';

const NESTED: Readonly<Record<string, readonly string[]>> = {
  parts: ['parts.valid', 'parts.expected', 'parts.unit'],
  limit: ['limit.max', 'limit.min', 'limit.source'],
};
const COLUMNS = Object.keys(MeanSchema.properties).flatMap((name) => NESTED[name] ?? [name]);

export function meanEndpoints({ readModel, registry, now }: ApiDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/means',
      operation: 'listMeans',
      tag: 'means',
      summary: 'Means of a site over clock periods, with what they were judged by',
      query: Type.Object({
        ...PAGE_QUERY,
        site: IdText,
        outlet: Type.Optional(IdText),
        signal: Type.Optional(IdText),
        average: Type.Optional(
          Type.String({ maxLength: 32, description: 'ISO 8601 as in the limit', examples: ['PT1H', 'P1D'] }),
        ),
        from: FROM,
        to: Type.Optional(TO),
      }),
      types: ROW_TYPES,
      success: {
        status: 200,
        description: 'a page of means',
        schema: pageOf(component('mean')),
        example: { items: [MEAN_EXAMPLE], next: null },
      },
      problems: ['not-found'],
      answer: async ({ query, caller }) => {
        const site = requireSite(registry(), query.site, caller);
        const filter = {
          site: site.id,
          ...readRange(query, now()),
          ...(query.outlet === undefined ? {} : { outlet: query.outlet }),
          ...(query.signal === undefined ? {} : { signal: query.signal }),
          ...(query.average === undefined ? {} : { average: query.average }),
        };
        const page = await readModel.means(filter, pageRequest(query));
        return rows({ ...page, columns: COLUMNS });
      },
    }),
  ];
}
