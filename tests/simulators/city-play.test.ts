/** Sites with one client each: what they have stored goes out in arrays, and outages of any kind lose nothing. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WireReport } from '../../contracts/report.ts';
import { deviceReports } from '../../simulators/report-stream.ts';
import { parseScenario, type Scenario } from '../../simulators/scenario.ts';
import { startSimulation, type Simulation, type SimulationOptions } from '../../simulators/start-simulation.ts';
import { RecordingBroker } from './recording-broker.ts';

const MINUTE_MS = 60_000;
const QUIET = { info: () => undefined, warn: () => undefined };

const scenarioWith = (network: string): Scenario =>
  parseScenario(
    [
      'version: 1',
      'name: small-city',
      'seed: 5',
      'start: 2026-11-24T10:00:00+08:00',
      'backlog: PT40M',
      'districts: [{ id: north, name: 云麓北区分局 }]',
      'city: { cems: 1, meters: 1, cameras: 2, types: { gas-boiler: 1, printing: 1 }, metersPerSite: [4, 5] }',
      `network: { clients: site${network} }`,
      '',
    ].join('\n'),
    { source: 'small.yaml' },
  );

let broker: RecordingBroker;
let simulation: Simulation | undefined;

beforeEach(async () => {
  broker = new RecordingBroker();
  await broker.open();
});

afterEach(async () => {
  await simulation?.stop();
  simulation = undefined;
  await broker.close();
});

function start(scenario: Scenario, options: Partial<SimulationOptions> = {}): Simulation {
  const beganAt = performance.now();
  const now = (): number => scenario.startAt + (performance.now() - beganAt);
  simulation = startSimulation({ scenario, url: broker.url, now, logger: QUIET, ...options });
  return simulation;
}

interface Arrival extends WireReport {
  readonly isArray: boolean;
}

/** Reports by device, in the order in which they were taken in. */
function arrived(): ReadonlyMap<string, readonly Arrival[]> {
  const reports = new Map<string, Arrival[]>();
  for (const { topic, payload } of broker.taken) {
    const [, , site = '', device = ''] = topic.split('/');
    const body = JSON.parse(payload) as WireReport | WireReport[];
    const own = reports.get(`${site}/${device}`) ?? [];
    const isArray = Array.isArray(body);
    for (const report of isArray ? body : [body]) own.push({ ...report, isArray });
    reports.set(`${site}/${device}`, own);
  }
  return reports;
}

/** Whether every device has sent all that it had to say up to an instant. */
function isWhole(scenario: Scenario, toAt: number): boolean {
  const reports = arrived();
  return scenario.sites.every((site) =>
    site.devices.every((device) => {
      const sent = reports.get(`${site.id}/${device.id}`) ?? [];
      const newest = Math.max(-Infinity, ...sent.map(({ ts }) => Date.parse(ts)));
      return newest >= toAt - 2 * device.instrument.everyMs;
    }),
  );
}

/**
 * Each device has sent what it says in the span, all of it, in order, and once.
 * @param repeats a connection was cut: what was under way may have arrived, unheard, and is then sent again
 */
function expectWhole(scenario: Scenario, toAt: number, { repeats = false } = {}): void {
  const reports = arrived();
  for (const site of scenario.sites) {
    for (const device of site.devices) {
      const all = (reports.get(`${site.id}/${device.id}`) ?? []).map(({ ts }) => ts);
      const sent = repeats ? [...new Set(all)] : all;
      const last = Date.parse(sent.at(-1) ?? '');
      const said = [...deviceReports(scenario, device, { fromAt: site.backlogFromAt, toAt: toAt + 60 * MINUTE_MS })]
        .map(({ report }) => report.ts)
        .filter((ts) => Date.parse(ts) <= last);
      expect(sent).toEqual(said);
    }
  }
}

it('connects once for each site, and sends what is stored in arrays that say so', async () => {
  const scenario = scenarioWith('');
  const { backlogDelivered, stats } = start(scenario);
  await backlogDelivered;
  await broker.until(() => isWhole(scenario, scenario.startAt));
  expectWhole(scenario, scenario.startAt);
  expect(stats()).toMatchObject({ clients: 4, connected: 4, losses: 0, catchingUp: 0 });
  const old = [...arrived().values()].flat().filter(({ ts }) => Date.parse(ts) < scenario.startAt - 15 * MINUTE_MS);
  expect(old.length).toBeGreaterThan(200);
  expect(old.every(({ resent }) => resent === true)).toBe(true);
  expect(old.filter(({ isArray }) => isArray).length / old.length).toBeGreaterThan(0.9);
});

it('sends in arrays, once and in order, what was made while the broker was down', { timeout: 60_000 }, async () => {
  const scenario = scenarioWith('');
  const speed = 120;
  const { backlogDelivered, stats } = start(scenario, { speed });
  await backlogDelivered;
  await broker.close();
  await new Promise((resolve) => {
    setTimeout(resolve, 4_000);
  });
  broker.taken.length = 0;
  const before = stats().losses;
  await broker.open();
  await broker.until(() => broker.taken.length > 30 && isWhole(scenario, scenario.startAt + 10 * MINUTE_MS));
  expect(before).toBeGreaterThanOrEqual(4);
  const back = [...arrived().values()].flat().filter(({ isArray }) => isArray);
  expect(back.length).toBeGreaterThan(20);
  expect(back.every(({ resent }) => resent === true)).toBe(true);
  for (const sent of arrived().values()) {
    const times = sent.map(({ ts }) => Date.parse(ts));
    expect(times).toEqual([...new Set(times)].toSorted((left, right) => left - right));
  }
});

it('is cut off by an outage of the city, and comes back with all of it', { timeout: 60_000 }, async () => {
  const scenario = scenarioWith(', cityOutages: [{ from: +PT3M, to: +PT9M }]');
  start(scenario, { speed: 60 });
  await broker.until(() => broker.standing === 4);
  await broker.until(() => broker.standing === 0);
  const cutAfter = broker.taken.length;
  await broker.until(() => isWhole(scenario, scenario.startAt + 14 * MINUTE_MS));
  expectWhole(scenario, scenario.startAt + 14 * MINUTE_MS, { repeats: true });
  const later = broker.taken.slice(cutAfter).map(({ payload }) => payload);
  expect(later.some((payload) => payload.startsWith('['))).toBe(true);
});

it('says some things twice and some too late, and loses nothing', { timeout: 60_000 }, async () => {
  const scenario = scenarioWith(', duplicates: 0.2, disorder: 0.2');
  start(scenario, { speed: 120 });
  await broker.until(() => isWhole(scenario, scenario.startAt + 15 * MINUTE_MS));
  const live = [...arrived().values()].map((sent) => sent.map(({ ts }) => Date.parse(ts)));
  const doubles = live.flatMap((times) => times.filter((at, index) => times.indexOf(at) !== index));
  const overtaken = live.flatMap((times) => times.filter((at, index) => at < (times[index - 1] ?? at)));
  expect(doubles.length).toBeGreaterThan(5);
  expect(overtaken.length).toBeGreaterThan(5);
});
