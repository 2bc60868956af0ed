/** Dashboards ask for series that there are, from data sources that are provisioned, and their panels do not overlap. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { needInflux } from '../servers/addresses.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { dashboards, GRAFANA, type Panel } from './dashboard-files.ts';
import { exportedMetrics, sampleNames } from './exported-metrics.ts';
import { groupingLabels, selectorsOf, type Selector } from './promql.ts';

const { folder, remove } = temporaryFolder();
let exported: Awaited<ReturnType<typeof exportedMetrics>>;
beforeAll(async () => {
  exported = await exportedMetrics(folder);
});
afterAll(remove);

interface Sources {
  readonly datasources: readonly { readonly uid: string; readonly type: string; readonly secureJsonData?: object }[];
}
const sources = load(readFileSync(join(GRAFANA, 'provisioning/datasources/stackwarden.yaml'), 'utf8')) as Sources;

/** Prometheus' own. */
const OWN = ['up', 'ALERTS'];
const ADDED = ['job', 'instance'];

function expectExported({ metric, matchers, labels }: Selector): void {
  const job = matchers['job'] ?? 'stackwarden-.+';
  const jobs = [...exported.keys()].filter((name) => new RegExp(`^(?:${job})$`).test(name));
  const having = jobs.filter((name) => exported.get(name)?.has(metric));
  expect([metric, job, having.length > 0]).toEqual([metric, job, true]);
  if (matchers['job'] !== undefined) expect([metric, having]).toEqual([metric, jobs]);
  const known = new Set([...ADDED, ...having.flatMap((name) => [...(exported.get(name)?.get(metric) ?? [])])]);
  for (const label of labels) expect([metric, label, known.has(label)]).toEqual([metric, label, true]);
}

const overlap = (a: Panel, b: Panel): boolean =>
  a.gridPos.x < b.gridPos.x + b.gridPos.w &&
  b.gridPos.x < a.gridPos.x + a.gridPos.w &&
  a.gridPos.y < b.gridPos.y + b.gridPos.h &&
  b.gridPos.y < a.gridPos.y + a.gridPos.h;

describe.each([...dashboards()])('%s', (_, { uid, title, panels }) => {
  const targets = panels.flatMap((panel) => panel.targets ?? []);
  const expressions = targets.flatMap(({ expr }) => (expr === undefined ? [] : [expr]));
  const selectors = expressions.flatMap((expression) => selectorsOf(expression));

  it('has a name, and panels that each have a place', () => {
    expect([uid, title]).toEqual([expect.stringMatching(/^stackwarden-/), expect.stringMatching(/^stackwarden /)]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const panel of panels) {
      expect(panel.title).not.toBe('');
      expect([panel.title, panel.gridPos.x + panel.gridPos.w <= 24]).toEqual([panel.title, true]);
      const over = panels.filter((other) => other.id < panel.id && overlap(panel, other));
      expect([panel.title, over.map((other) => other.title)]).toEqual([panel.title, []]);
      if (panel.type !== 'row') expect([panel.title, (panel.targets ?? []).length > 0]).toEqual([panel.title, true]);
    }
  });

  it('reads from what is provisioned', () => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { datasource, expr, query } of targets) {
      expect(sources.datasources).toContainEqual(expect.objectContaining({ ...datasource }));
      expect(datasource.type === 'prometheus' ? expr : query).toBeTypeOf('string');
    }
  });

  it('asks the stages for what they export', () => {
    for (const selector of selectors) {
      if (OWN.includes(selector.metric) || selector.matchers['job'] === 'influxdb') continue;
      expectExported(selector);
    }
    const labels = new Set([
      ...ADDED,
      ...[...exported.values()].flatMap((of) => [...of.values()].flatMap((of) => [...of])),
    ]);
    for (const label of expressions.flatMap((expression) => groupingLabels(expression)))
      expect([...labels]).toContain(label);
  });

  it('asks InfluxDB for what it exports', async (context: TestContext) => {
    const asked = selectors.filter(({ matchers }) => matchers['job'] === 'influxdb');
    if (asked.length === 0) return;
    const text = await (await fetch(new URL('/metrics', needInflux(context).url))).text();
    const names = [...sampleNames(text).keys()];
    for (const { metric } of asked) expect(names).toContain(metric);
  });
});

it('hands Grafana no token that stands in a file of the project', () => {
  const influx = sources.datasources.find(({ type }) => type === 'influxdb');
  expect(influx?.secureJsonData).toEqual({ token: '$__file{/run/influx-tokens/grafana}' });
});
