/** The queries of the dashboards, asked of a real InfluxDB as Grafana asks them: each finds what was written. */
import { InfluxDB } from '@influxdata/influxdb-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import { newBucket } from '../influx/new-bucket.ts';
import { finding, mean, MINUTE_MS, sample, T0 } from '../ports/builders.ts';
import { needInflux } from '../servers/addresses.ts';
import { dashboards } from './dashboard-files.ts';

const SIGNAL = 'nox';
const { site, device } = sample();
const VARIABLES: Readonly<Record<string, string>> = { site, device, signal: SIGNAL };

let settings: InfluxSettings;
beforeEach(async (context) => {
  settings = await newBucket(needInflux(context));
  const store = new InfluxSeriesStore(settings);
  const flagged = sample({ flags: 'MMM' });
  const later = sample({ ts: T0 + 5 * MINUTE_MS, received: T0 + 9 * MINUTE_MS });
  const samples = [flagged, later, sample({ values: [1, 2, 3], revision: 1 })];
  const findings = [finding(), finding({ revision: 2, severity: 'medium', state: 'closed' }), finding({ id: 'f-2' })];
  const refused = await store.write({ samples, means: [mean({ signal: SIGNAL })], findings });
  expect(refused).toEqual([]);
});

/** What Grafana writes in place of its variables. */
function filledIn(query: string): string {
  const at = (ms: number): string => new Date(ms).toISOString();
  return query
    .replaceAll('v.timeRangeStart', at(T0 - 60 * MINUTE_MS))
    .replaceAll('v.timeRangeStop', at(T0 + 1_440 * MINUTE_MS))
    .replaceAll('v.windowPeriod', '1m')
    .replaceAll('bucket: "stackwarden"', `bucket: "${settings.bucket}"`)
    .replaceAll(/\$\{(\w+):json\}/g, (_, name: string) => JSON.stringify(VARIABLES[name]));
}

async function rowsOf(query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const filled = filledIn(query);
  expect(filled).not.toContain('${');
  const { url, token, organisation } = settings;
  return new InfluxDB({ url, token }).getQueryApi(organisation).collectRows(filled);
}

const all = [...dashboards().values()];
const queries = all.flatMap(({ panels }) =>
  panels.flatMap(({ title, targets = [] }) =>
    targets.flatMap(({ query, refId }) => (query === undefined ? [] : [[`${title} ${refId}`, query] as const])),
  ),
);
const variables = all.flatMap(({ templating }) =>
  templating.list.map(({ name, query }) => [name, query.query] as const),
);

describe('a panel', () => {
  it.each(queries)('%s', async (_, query) => {
    expect(await rowsOf(query)).not.toEqual([]);
  });
});

describe('a variable', () => {
  it.each(variables)('%s offers what there is', async (name, query) => {
    const offered = (await rowsOf(query)).map((row) => row['_value']);
    expect(offered).toContain(VARIABLES[name]);
    for (const value of offered) expect(String(value)).not.toMatch(/__(?!number)/);
  });
});

it('shows each finding once, in its newest revision', async () => {
  const [, query = ''] = queries.find(([title]) => title.startsWith('Findings of the site')) ?? [];
  const rows = await rowsOf(query);
  expect(rows.map((row) => [row['id'], row['revision'], row['severity']]).sort()).toEqual([
    ['f-1', 2, 'medium'],
    ['f-2', 1, 'high'],
  ]);
});

it('shows as the delay what went by from the instant to the receipt', async () => {
  const [, query = ''] = queries.find(([title]) => title.startsWith('Delay of receipt')) ?? [];
  const delays = (await rowsOf(query)).map((row) => row['_value']);
  expect(delays).toEqual([1_234, 4 * MINUTE_MS]);
});
