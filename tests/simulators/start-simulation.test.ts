import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WireReport } from '../../contracts/report.ts';
import { siteReports, type SentReport } from '../../simulators/report-stream.ts';
import { parseScenario, type Scenario } from '../../simulators/scenario.ts';
import { startSimulation, type Simulation, type SimulationOptions } from '../../simulators/start-simulation.ts';
import { scenarioText } from '../support/scenario-text.ts';
import { RecordingBroker } from './recording-broker.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const QUIET = { info: () => undefined, warn: () => undefined };

const scenario = parseScenario(scenarioText({ type: 'gas-boiler', file: ['backlog: PT8H'] }), { source: 'test' });
const { startAt } = scenario;

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

/** A clock that begins at the start of the scenario and runs like the real one. */
function clock(): () => number {
  const beganAt = performance.now();
  return () => startAt + (performance.now() - beganAt);
}

function start(options: Partial<SimulationOptions> = {}): Simulation {
  simulation = startSimulation({ scenario, url: broker.url, now: clock(), logger: QUIET, ...options });
  return simulation;
}

/** Reports as they were taken in, by device. */
function arrived(): ReadonlyMap<string, readonly WireReport[]> {
  const reports = new Map<string, WireReport[]>();
  for (const { topic, payload } of broker.taken) {
    const device = topic.split('/')[3] ?? '';
    const body = JSON.parse(payload) as WireReport | WireReport[];
    reports.set(device, [...(reports.get(device) ?? []), ...(Array.isArray(body) ? body : [body])]);
  }
  return reports;
}

function expected(of: Scenario, fromAt: number, toAt: number): ReadonlyMap<string, readonly WireReport[]> {
  const site = of.sites[0];
  if (site === undefined) throw new Error('the scenario has no site');
  const reports = new Map<string, WireReport[]>();
  for (const { device, report } of siteReports(of, site, { fromAt, toAt }) as Iterable<SentReport>) {
    reports.set(device, [...(reports.get(device) ?? []), report]);
  }
  return reports;
}

const without = ({ resent: _resent, ...report }: WireReport): Omit<WireReport, 'resent'> => report;
const backlogOf = (reports: readonly WireReport[] | undefined): readonly WireReport[] =>
  (reports ?? []).filter(({ ts }) => Date.parse(ts) < startAt - MINUTE_MS);

function expectWholeBacklog(): void {
  const reports = arrived();
  for (const [device, sent] of expected(scenario, startAt - 8 * HOUR_MS, startAt)) {
    const own = backlogOf(reports.get(device));
    expect(own.map(without)).toEqual(backlogOf(sent).map(without));
    expect(own.every(({ resent }) => resent === true)).toBe(true);
  }
}

describe('a simulation', () => {
  it('sends the backlog of every device whole, in order, once, and as stored', async () => {
    const { backlogDelivered, stats } = start();
    await backlogDelivered;
    expectWholeBacklog();
    expect(stats()).toMatchObject({ devices: 3, connected: 3, losses: 0, catchingUp: 0 });
  });

  it('moves the devices of a site forward together, never more than a minute apart', async () => {
    const { backlogDelivered } = start();
    await backlogDelivered;
    const newest = new Map<string, number>();
    let widest = 0;
    for (const { topic, payload } of broker.taken) {
      const { ts, period } = JSON.parse(payload) as WireReport;
      newest.set(topic, Date.parse(ts) + (period === undefined ? 0 : MINUTE_MS));
      const times = [...newest.values()];
      if (newest.size === 3) widest = Math.max(widest, Math.max(...times) - Math.min(...times));
    }
    expect(widest).toBe(MINUTE_MS);
  });

  it('loses and doubles nothing when the broker is killed in the middle', async () => {
    let publishes = 0;
    broker.fateOf = () => ((publishes += 1) > 10 ? 'lose' : 'confirm');
    const { backlogDelivered, stats } = start();
    await broker.until(() => publishes > 11);
    await broker.close();
    broker.fateOf = () => 'confirm';
    await broker.open();
    await backlogDelivered;
    expectWholeBacklog();
    expect(stats().losses).toBeGreaterThan(0);
  });

  it('sends again, unchanged, what was stored and not confirmed', async () => {
    let publishes = 0;
    broker.fateOf = () => ((publishes += 1) === 8 ? 'store-silently' : 'confirm');
    const { backlogDelivered } = start();
    await broker.until(() => publishes >= 8);
    await broker.close();
    await broker.open();
    await backlogDelivered;
    const payloads = broker.taken.map(({ topic, payload }) => `${topic} ${payload}`);
    const repeats = payloads.filter((payload, index) => payloads.indexOf(payload) !== index);
    expect(repeats.length).toBeGreaterThanOrEqual(1);
    broker.taken.splice(
      0,
      broker.taken.length,
      ...broker.taken.filter((_, index) => payloads.indexOf(payloads[index] ?? '') === index),
    );
    expectWholeBacklog();
  });

  it('goes on live at each device own moment, one report a message, not marked resent', async () => {
    const speed = 1_200;
    const isLive = (payload: string): boolean => !payload.startsWith('[') && !payload.includes('"resent"');
    start({ speed });
    await broker.until(() => {
      const live = broker.taken.filter(({ payload }) => isLive(payload));
      return live.length >= 12 && new Set(live.map(({ topic }) => topic)).size === 3;
    });
    const live = broker.taken.filter(({ payload }) => isLive(payload));
    const times = live.map(({ payload }) => Date.parse((JSON.parse(payload) as WireReport).ts));
    expect(new Set(live.map(({ topic }) => topic)).size).toBe(3);
    expect(Math.max(...times)).toBeGreaterThan(startAt);
  });

  it('names itself as site/device with its password, and tries again when it is refused', async () => {
    let attempts = 0;
    broker.acceptsUser = (user, password) => {
      attempts += 1;
      return attempts > 3 && password === `secret of ${user ?? ''}`;
    };
    const { backlogDelivered } = start({ passwordFor: (user) => `secret of ${user}` });
    await backlogDelivered;
    expect(new Set(broker.users)).toEqual(new Set(['plant-a/cems-1', 'plant-a/m-boiler', 'plant-a/m-fgr']));
    expectWholeBacklog();
  });

  it('goes on where a former run ended, a few minutes over', async () => {
    const { backlogDelivered } = start({ backlogFromAt: startAt - HOUR_MS });
    await backlogDelivered;
    const oldest = [...arrived().values()].map(([first]) => Date.parse(first?.ts ?? ''));
    expect(Math.min(...oldest)).toBe(startAt - HOUR_MS - 3 * MINUTE_MS);
  });

  it.each(['a broker that confirms nothing', 'no broker at all'])('stops within two seconds: %s', async (which) => {
    let publishes = 0;
    broker.fateOf = () => {
      publishes += 1;
      return 'lose';
    };
    const causes: unknown[] = [];
    let tellLost: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      tellLost = resolve;
    });
    if (which === 'no broker at all') await broker.close();
    const warn = (fields: Readonly<Record<string, unknown>>): void => {
      causes.push(fields['cause']);
      tellLost();
    };
    const running = start({ logger: { info: () => undefined, warn } });
    await (which === 'no broker at all' ? lost : broker.until(() => publishes > 0));
    const beganAt = performance.now();
    await running.stop();
    await Promise.all([running.ended, running.backlogDelivered]);
    expect(performance.now() - beganAt).toBeLessThan(2_000);
    expect(causes.length > 0).toBe(which === 'no broker at all');
  });
});
