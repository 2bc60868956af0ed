/** What somebody sees who runs `npm start` for the first time: findings of many kinds within a minute, each with its numbers. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt } from './built-command.ts';
import { askJson, listFindings, startSystem, until, type RunningSystem } from './running-system.ts';

const { folder, remove } = temporaryFolder();
/** Of every kind that the tests below look at. */
const WANTED = [/^limit\.hour$/, /^(treatment|order)\./, /^falsification\./];
let system: RunningSystem;
let findings: readonly Finding[] = [];

const rulesOf = (found: readonly Finding[]): ReadonlySet<string> => new Set(found.map(({ rule }) => rule));

beforeAll(async () => {
  await commandBuilt();
  system = await startSystem(join(folder, 'demo'), ['--demo']);
}, 300_000);
afterAll(async () => {
  await (system as RunningSystem | undefined)?.stop();
  remove();
});

it('shows findings of at least six rules within a minute', { timeout: 90_000 }, async () => {
  const left = 60_000 - system.readyAfterMs;
  findings = await until(
    () => listFindings(system),
    (found) => rulesOf(found).size >= 6 && WANTED.every((one) => found.some(({ rule }) => one.test(rule))),
    left,
  );
  expect([...rulesOf(findings)].length).toBeGreaterThanOrEqual(6);
});

it('explains every finding in both languages, with evidence', () => {
  for (const { id, title, explanation, evidence } of findings) {
    expect({ id, text: `${title.zh}${explanation.zh}` }).toEqual({
      id,
      text: expect.stringMatching(/[\u4e00-\u9fff]/),
    });
    expect({ id, text: `${title.en} ${explanation.en}` }).toEqual({ id, text: expect.stringMatching(/[a-z]{3}/) });
    // An explanation with a hole in it speaks of something that the evidence does not hold.
    expect(`${explanation.zh}${explanation.en}`).not.toMatch(/undefined|NaN|null|\[object|Invalid/);
    expect(Object.keys(evidence).length).toBeGreaterThan(0);
  }
});

interface Linked extends Finding {
  readonly links: { readonly series: readonly string[]; readonly means: readonly string[]; readonly revisions: string };
}

interface MeanItem {
  readonly start: string;
  readonly mean: number | null;
}

it('leads from an exceedance to the values and the means that made it', { timeout: 60_000 }, async () => {
  const exceedance = findings.find(({ rule, state }) => rule === 'limit.hour' && state !== 'withdrawn');
  const finding = await askJson<Linked>(system, `/api/v1/findings/${exceedance?.id ?? ''}`);
  const [series = '', means = ''] = [finding.links.series[0], finding.links.means[0]];
  const raw = await askJson<{ items: { ts: string; value: number }[] }>(system, series);
  const hours = finding.evidence['hours'] as { start: string; mean: number }[];
  expect(hours.length).toBeGreaterThan(0);

  const shown = (await askJson<{ items: MeanItem[] }>(system, means)).items;
  const meanAt = new Map(shown.map(({ start, mean }) => [start, mean]));
  for (const { start, mean } of hours) expect(meanAt.get(start)).toBe(mean);
  // The hour's mean again, from the single values that the first link gives.
  const [first] = hours;
  const begin = Date.parse(first?.start ?? '');
  const inHour = raw.items.filter(({ ts }) => Date.parse(ts) >= begin && Date.parse(ts) < begin + 3_600_000);
  expect(inHour.length).toBeGreaterThanOrEqual(45);
  const average = inHour.reduce((sum, { value }) => sum + value, 0) / inHour.length;
  expect(average).toBeCloseTo(first?.mean ?? Number.NaN, 0);
});

it('leads from every finding about a meter or a line to its series', { timeout: 60_000 }, async () => {
  const about = findings.filter(
    ({ rule, state }) => /^(treatment|order|falsification)\./.test(rule) && state !== 'withdrawn',
  );
  expect(about.length).toBeGreaterThan(0);
  for (const { id } of about) {
    const { links } = await askJson<Linked>(system, `/api/v1/findings/${id}`);
    expect(links.series.length).toBeGreaterThan(0);
    for (const link of links.series) expect((await system.ask(link)).status).toBe(200);
    expect((await system.ask(links.revisions)).status).toBe(200);
  }
});

it('accuses nobody of what the plants had stored: it is less than a day old, and says that it comes from a store', async () => {
  const now = await listFindings(system);
  expect(now.length).toBeGreaterThanOrEqual(findings.length);
  expect(now.filter(({ rule }) => rule === 'falsification.backfill')).toEqual([]);
});

it('ends at Ctrl-C and goes on where it was', { timeout: 120_000 }, async () => {
  const { code, ms } = await system.stop();
  expect(code).toBe(0);
  expect(ms).toBeLessThan(5_000);
  system = await startSystem(join(folder, 'demo'), ['--demo']);
  const ids = new Set((await listFindings(system)).map(({ id }) => id));
  expect(findings.filter(({ id }) => !ids.has(id))).toEqual([]);
});
