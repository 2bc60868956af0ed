/** Alerts ask for series that there are, say what they mean in both languages, and lead to a runbook that is there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../deploy/native/missing-server.mjs';
import { anchorsOf } from '../../scripts/docs/links.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { exportedMetrics } from './exported-metrics.ts';
import { groupingLabels, selectorsOf } from './promql.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = 'deploy/prometheus/rules/stackwarden.yml';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string; readonly stage: string };
  readonly annotations: { readonly summary: string; readonly summary_zh: string; readonly runbook: string };
}

const { groups } = load(read(RULES)) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { folder, remove } = temporaryFolder();
let exported: Awaited<ReturnType<typeof exportedMetrics>>;
beforeAll(async () => {
  exported = await exportedMetrics(folder);
});
afterAll(remove);

/** Labels that Prometheus itself adds. */
const ADDED = ['job', 'instance'];

describe.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (_, { alert, expr, labels, annotations }) => {
  it('asks for what the stage exports', () => {
    const selectors = selectorsOf(expr);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, matchers, labels: asked } of selectors) {
      if (metric === 'up') continue;
      const { job } = matchers;
      const jobs = [...exported.keys()].filter((name) => job === undefined || new RegExp(`^(?:${job})$`).test(name));
      const having = jobs.filter((name) => exported.get(name)?.has(metric));
      expect([metric, having.length > 0]).toEqual([metric, true]);
      // Where a job is named, it is that job which has it; where many are, all of them.
      if (job !== undefined) expect([metric, having]).toEqual([metric, jobs]);
      const known = new Set([...ADDED, ...having.flatMap((name) => [...(exported.get(name)?.get(metric) ?? [])])]);
      for (const label of asked) expect([metric, label, known.has(label)]).toEqual([metric, label, true]);
    }
    const all = new Set(
      selectors.flatMap(({ metric }) => [...exported.values()].flatMap((of) => [...(of.get(metric) ?? [])])),
    );
    for (const label of groupingLabels(expr)) expect([...all, ...ADDED]).toContain(label);
  });

  it('says what is wrong in both languages, how urgent it is, and where to read on', () => {
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(['all', 'ingest', 'detect', 'api', 'series']).toContain(labels.stage);
    expect(annotations.summary).toMatch(/^[\x20-\x7e]{10,}$/);
    expect(annotations.summary_zh).toMatch(/[\u4e00-\u9fff]{3}/);
    const placeholders = (text: string): readonly string[] =>
      [...text.matchAll(/\{\{.*?\}\}/g)].map(([one]) => one).sort();
    expect(placeholders(annotations.summary_zh)).toEqual(placeholders(annotations.summary));
    const [page = '', anchor = ''] = annotations.runbook.split('#');
    expect(anchor).toBe(alert.toLowerCase());
    for (const path of [page, page.replace('docs/', 'docs/zh/')]) expect([...anchorsOf(read(path))]).toContain(anchor);
  });
});

it('has each name once', () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
});

describe('promtool has nothing to say', () => {
  for (const args of [
    ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml'],
    ['check', 'rules', RULES],
    ['test', 'rules', 'tests/deploy/stackwarden.rules-test.yml'],
  ]) {
    it(args.slice(0, 2).join(' '), (context) => {
      if (findProgram('promtool') === undefined) context.skip('no promtool: apt-get install prometheus');
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8' });
      expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
    });
  }
});
