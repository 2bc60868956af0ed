import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkReport } from '../contracts/check-report.ts';
import { readRegistry } from '../contracts/registry/read-registry.ts';
import { RULE_IDS } from '../contracts/rule-ids.ts';
import { builtInScenarios, findScenario } from './read-scenario-file.ts';
import { scenarioRegistry } from './registry-text.ts';
import { reportsBetween, type SentReport } from './report-stream.ts';
import { parseScenario, scenarioSpan, type Scenario } from './scenario.ts';
import { scenarioTruth } from './truth.ts';
import { writeReports } from './write-reports.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const SMALL = [
  'version: 1',
  'name: small-city',
  'seed: 3',
  'start: 2026-12-08T12:00:00+08:00',
  'backlog: PT2H',
  'ahead: PT2H',
  'districts: [{ id: north, name: 云麓北区分局 }, { id: south, name: 云麓南区分局 }]',
  'city: { cems: 30, meters: 12, cameras: 12, gates: 0.5, ownMeans: 0.5, instants: 0.5, obeys: 0.8, faults: { per100SiteDays: 40 } }',
  'network: { clients: site, outages: { per100SiteDays: 300 }, duplicates: 0.01, disorder: 0.01, clockErrorSeconds: 5 }',
  'orders:',
  '  - { id: R-1, kind: plan, level: orange, from: -PT20H, to: +PT20H, graceMinutes: 60, scope: { districts: [north] }, exempt: { guaranteed: true } }',
  '',
].join('\n');

const parse = (options: { seed?: number } = {}): Scenario => parseScenario(SMALL, { source: 'small.yaml', ...options });
const small = parse();

async function digest(scenario: Scenario, fromAt: number, toAt: number): Promise<string> {
  const hash = createHash('sha256').update(scenarioRegistry(scenario));
  await writeReports(scenario, { fromAt, toAt }, (text) => void hash.update(text));
  return hash.digest('hex');
}

describe('a city from a seed', () => {
  it('is the same bytes for the same seed, and another city for another', async () => {
    const { startAt } = small;
    const first = await digest(small, startAt - HOUR_MS, startAt);
    expect(await digest(parse(), startAt - HOUR_MS, startAt)).toBe(first);
    expect(await digest(parse({ seed: 4 }), startAt - HOUR_MS, startAt)).not.toBe(first);
  });

  it('says in a span what it says there in a longer run', () => {
    const { startAt } = small;
    const key = ({ site, device, report: { resent: _resent, ...report } }: SentReport): string =>
      `${site} ${device} ${JSON.stringify(report)}`;
    const whole = new Set([...reportsBetween(small, startAt - 2 * HOUR_MS, startAt + HOUR_MS)].map(key));
    const part = [...reportsBetween(parse(), startAt - 20 * MINUTE_MS, startAt + 20 * MINUTE_MS)].map(key);
    expect(part.length).toBeGreaterThan(10_000);
    expect(part.filter((line) => !whole.has(line))).toEqual([]);
  });

  it('has a registry without problems and warnings that knows every report', () => {
    const { registry, problems, warnings } = readRegistry([{ name: 'small.yaml', text: scenarioRegistry(small) }]);
    expect([problems, warnings]).toEqual([[], []]);
    if (registry === undefined) throw new Error('no registry');
    const refused = [...reportsBetween(small, small.startAt - HOUR_MS, small.startAt)].flatMap((sent) => {
      const checked = checkReport(sent.report, sent.site, sent.device, registry);
      return checked.ok ? [] : [`${sent.site}/${sent.device}: ${checked.error.detail}`];
    });
    expect(refused).toEqual([]);
  });

  it('has as many sites of each kind as was asked for, with names and plans of their own', () => {
    const kinds = small.sites.map(({ devices }) =>
      devices.some(({ kind }) => kind === 'cems')
        ? 'cems'
        : devices.some(({ kind }) => kind === 'meter')
          ? 'meters'
          : 'cameras',
    );
    expect(['cems', 'meters', 'cameras'].map((kind) => kinds.filter((one) => one === kind).length)).toEqual([
      30, 12, 12,
    ]);
    expect(new Set(small.sites.map(({ name }) => name)).size).toBe(54);
    expect(small.sites.every(({ plans }) => Object.keys(plans).length > 0)).toBe(true);
  });

  it('has faults and outages whose truth names rules, sites and devices that there are', () => {
    const { fromAt, toAt } = scenarioSpan(small);
    const truth = scenarioTruth(small, fromAt, toAt);
    expect(truth.length).toBeGreaterThan(20);
    const devices = new Set(small.sites.flatMap((site) => site.devices.map(({ id }) => `${site.id}/${id}`)));
    const wrong = truth.filter(({ rule, site, subject, start, end }) => {
      const isKnown = (RULE_IDS as readonly string[]).includes(rule);
      const isThere = subject.device === undefined || devices.has(`${site}/${subject.device}`);
      return !isKnown || !isThere || (end !== null && Date.parse(end) <= Date.parse(start));
    });
    expect(wrong).toEqual([]);
    expect(new Set(truth.map(({ fault }) => fault)).size).toBeGreaterThan(5);
  });
});

describe('orders in a city', () => {
  const defiant = new Set(small.sites.filter(({ faults }) => faults.some(({ settings }) => settings.order === 'R-1')));
  const bound = small.sites.filter(({ district, isGuaranteed }) => district === 'north' && !isGuaranteed);
  const dutyAt = small.startAt + HOUR_MS;

  it('are obeyed by most, and defied by some', () => {
    expect(bound.length).toBeGreaterThan(10);
    expect(defiant.size).toBeGreaterThan(0);
    expect(defiant.size).toBeLessThan(bound.length / 2);
  });

  it('stop the lines that must stop, and hold back those that must reduce', () => {
    let [stops, reductions] = [0, 0];
    for (const site of bound) {
      if (defiant.has(site)) continue;
      for (const [line, plans] of Object.entries(site.plans)) {
        const plan = plans.find(({ level }) => level === 'orange');
        const isRunning = site.plant.runsAt(line, dutyAt).some(({ fromAt, toAt }) => fromAt <= dutyAt && dutyAt < toAt);
        if (plan?.measure === 'stop') {
          stops += 1;
          expect([site.id, line, isRunning]).toEqual([site.id, line, false]);
        }
        if (plan?.measure === 'reduce') {
          reductions += 1;
          const factor = site.plant.conditionsAt(dutyAt).lineFactors[line] ?? 1;
          expect(factor).toBeLessThanOrEqual(1 - (plan.percent ?? 0) / 100);
        }
      }
    }
    expect(Math.min(stops, reductions)).toBeGreaterThan(0);
  });
});

describe('the built-in scenarios', () => {
  it.each(builtInScenarios().filter((name) => name !== 'city'))('%s can be read, and its registry is sound', (name) => {
    const scenario = findScenario(name);
    const { problems, warnings } = readRegistry([{ name, text: scenarioRegistry(scenario) }]);
    expect([problems, warnings]).toEqual([[], []]);
  });

  it('the city has the size and the rate of the real one', () => {
    const { sites } = findScenario('city');
    const devices = sites.flatMap((site) => site.devices);
    const perSecond = devices.reduce((sum, { instrument }) => sum + 1_000 / instrument.everyMs, 0);
    expect(sites).toHaveLength(3_650);
    expect(perSecond).toBeGreaterThan(470);
    expect(perSecond).toBeLessThan(500);
  }, 60_000);

  it('what is not there is answered with what there is', () => {
    expect(() => findScenario('metropolis')).toThrow(
      /built in are cheats, city, demo, orange-alert, outage, quiet-week/,
    );
  });
});
