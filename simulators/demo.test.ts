import { beforeAll, describe, expect, it } from 'vitest';
import { checkReport } from '../contracts/check-report.ts';
import { readRegistry } from '../contracts/registry/read-registry.ts';
import { parseClockDuration } from '../contracts/time/duration.ts';
import { hourMeans, type GasMinute } from '../tests/support/hour-means.ts';
import { scenarioText } from '../tests/support/scenario-text.ts';
import { readDemoScenario } from './read-scenario-file.ts';
import { scenarioRegistry } from './registry-text.ts';
import { deviceReports, type SentReport } from './report-stream.ts';
import { parseScenario, scenarioSpan } from './scenario.ts';
import { scenarioTruth, type TruthLine } from './truth.ts';

const MINUTE_MS = 60_000;
/** What a newcomer sees in the first minutes. */
const SHOWN_RULES = [
  'falsification.frozen',
  'falsification.rewritten',
  'limit.day',
  'limit.hour',
  'limit.period',
  'order.early-restart',
  'order.shutdown',
  'order.unproven',
  'quality.clock',
  'quality.invalid-hours',
  'quality.offline',
  'treatment.off',
];
const HOUR_MS = 3_600_000;

const scenario = readDemoScenario();
const span = scenarioSpan(scenario);
const truth = scenarioTruth(scenario, span.fromAt, span.toAt);
const [order] = scenario.orders;
const sentBy = new Map<string, readonly SentReport[]>();
/** Power by minute; a period stands for each of its minutes. */
const powersOf = new Map<string, ReadonlyMap<number, number>>();

function minutePowers(sent: readonly SentReport[]): ReadonlyMap<number, number> {
  const powers = new Map<number, number>();
  for (const { report } of sent) {
    const value = report.values['power'];
    const power = typeof value === 'object' ? (value.avg ?? Number.NaN) : Number(value);
    const ts = Date.parse(report.ts);
    for (let minute = 0; minute < (report.period === 'PT15M' ? 15 : 1); minute += 1) {
      powers.set(ts + minute * MINUTE_MS, power);
    }
  }
  return powers;
}

beforeAll(() => {
  for (const site of scenario.sites) {
    for (const device of site.devices) {
      const sent = [...deviceReports(scenario, device, { fromAt: site.backlogFromAt, toAt: span.toAt })];
      sentBy.set(`${site.id}/${device.id}`, sent);
      if (device.kind === 'meter') powersOf.set(`${site.id}/${device.id}`, minutePowers(sent));
    }
  }
}, 60_000);

const sent = (site: string, device: string): readonly SentReport[] => sentBy.get(`${site}/${device}`) ?? [];
const powers = (site: string, device: string): ReadonlyMap<number, number> =>
  powersOf.get(`${site}/${device}`) ?? new Map<number, number>();
const truthOf = (rule: string, site?: string): readonly TruthLine[] =>
  truth.filter((line) => line.rule === rule && (site === undefined || line.site === site));
const fromOf = (line: TruthLine): number => Date.parse(line.start);
const toOf = (line: TruthLine): number => (line.end === null ? span.toAt : Date.parse(line.end));
const isIn = (line: TruthLine, at: number): boolean => at >= fromOf(line) && at < toOf(line);
const when = (site: string, at: number): string => `${site} ${scenario.time.format(at)}`;

/** First sendings of a stack monitor, without its day means. */
function gasMinutes(site: string): readonly GasMinute[] {
  return sent(site, 'cems-1')
    .filter(({ report }) => report.resent !== true && report.period !== 'P1D')
    .map(({ report }) => ({
      ts: Date.parse(report.ts),
      values: report.values as Record<string, number>,
      flags: report.flags ?? {},
    }));
}

describe('the registry of the demo', () => {
  const { registry, problems, warnings } = readRegistry([{ name: 'demo.yaml', text: scenarioRegistry(scenario) }]);

  it('has neither problems nor warnings', () => {
    expect([problems, warnings]).toEqual([[], []]);
  });

  it('knows every report', () => {
    if (registry === undefined) throw new Error('no registry');
    const refused = [...sentBy.values()].flat().flatMap(({ report, site, device }) => {
      const checked = checkReport(report, site, device, registry);
      return checked.ok ? [] : [checked.error.detail];
    });
    expect(refused).toEqual([]);
  });
});

describe('the faults of the demo', () => {
  it('are of the everyday kinds, before the start or soon after it', () => {
    const soon = truth.filter((line) => fromOf(line) < scenario.startAt + 5 * MINUTE_MS);
    expect([...new Set(soon.map(({ rule }) => rule))].toSorted()).toEqual(SHOWN_RULES);
    expect(truth.filter((line) => fromOf(line) > scenario.startAt).length).toBeGreaterThan(4);
    expect(truth.filter((line) => toOf(line) <= fromOf(line))).toEqual([]);
  });

  it('limit.hour: the faulty hours are clearly over, all others of every plant clearly under', () => {
    const wrong: string[] = [];
    let faulty = 0;
    for (const { id, plant, limits } of scenario.sites) {
      const minutes = gasMinutes(id);
      for (const { signal, max = 0 } of limits.filter(({ average }) => average === 'PT1H')) {
        const lines = truthOf('limit.hour', id).filter((line) => line.subject.signal === signal);
        for (const hour of hourMeans(minutes, signal, plant.model.stack.o2ReferencePercent)) {
          if (hour.minutes < 45 || hour.o2 >= 20.5) continue;
          const isFaulty = lines.some((line) => isIn(line, hour.startAt));
          faulty += isFaulty ? 1 : 0;
          const isRight = isFaulty ? hour.converted > 1.15 * max : hour.converted < 0.92 * max;
          if (!isRight) wrong.push(`${when(id, hour.startAt)} ${signal} ${hour.converted} of ${max}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(faulty).toBe(3);
  });

  it('limit.day: the day mean that arrives first says that yesterday was clearly over its limit', () => {
    const [line] = truthOf('limit.day');
    if (line === undefined) throw new Error('no truth');
    const [first, ...rest] = sent(line.site, 'cems-1').filter(({ report }) => report.period === 'P1D');
    expect(rest).toEqual([]);
    expect(Date.parse(first?.report.ts ?? '')).toBe(fromOf(line));
    expect(first?.report.flags ?? {}).toEqual({});
    expect(first?.report.values['nox']).toMatchObject({ converted: expect.any(Number) as number });
    const { converted = 0 } = first?.report.values['nox'] as { converted?: number };
    expect(converted).toBeGreaterThan(1.03 * 250);
    expect(converted).toBeLessThan(300);
  });

  it('nothing that is sent at the start is older than a day: nobody filled anything in', () => {
    const old = [...sentBy.values()].flat().filter(({ report, at }) => {
      const length = report.period === undefined ? 0 : (parseClockDuration(report.period) ?? 0);
      const arrivesAt = Math.max(at, scenario.startAt);
      return arrivesAt - (Date.parse(report.ts) + length) > 23.9 * HOUR_MS;
    });
    expect(old).toEqual([]);
    const rules = scenarioTruth(scenario, span.fromAt, span.toAt, 'backlog').map(({ rule }) => rule);
    expect(rules).not.toContain('falsification.backfill');
  });

  it('limit.period: the furnace is too cold in the fault, and never else while it burns', () => {
    const wrong: string[] = [];
    for (const { id, plant } of scenario.sites) {
      if (plant.model.stack.furnace === undefined) continue;
      const lines = truthOf('limit.period', id);
      const grate = powers(id, 'm-grate');
      for (const { ts, values } of gasMinutes(id)) {
        const edges = lines.flatMap((line) => [fromOf(line), toOf(line)]);
        if ((grate.get(ts) ?? 0) < 50 || edges.some((edge) => Math.abs(ts - edge) < 2 * MINUTE_MS)) continue;
        const isFaulty = lines.some((line) => isIn(line, ts));
        if ((values['furnace-temp'] ?? 0) < 850 !== isFaulty) wrong.push(when(id, ts));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('falsification.frozen: one value in the fault, never ten minutes of one value else', () => {
    const lines = truthOf('falsification.frozen');
    for (const line of lines) {
      const held = gasMinutes(line.site).filter(({ ts }) => isIn(line, ts));
      expect(held.length).toBeGreaterThan(60);
      expect(new Set(held.map(({ values }) => values['nox'])).size).toBe(1);
    }
    const free = gasMinutes(lines[0]?.site ?? '').filter(
      ({ ts, flags }) => flags['nox'] === undefined && !lines.some((line) => isIn(line, ts)),
    );
    expect(longestRun(free.map(({ values }) => values['nox']))).toBeLessThan(10);
  });

  it('falsification.rewritten: the instants of the fault are sent a second time, and no others', () => {
    for (const { id } of scenario.sites) {
      const again = sent(id, 'cems-1').filter(({ report }) => report.resent === true);
      const lines = truthOf('falsification.rewritten', id);
      expect(again.filter(({ report }) => !lines.some((line) => isIn(line, Date.parse(report.ts))))).toEqual([]);
      expect(again.length).toBe(lines.length === 0 ? 0 : 60);
    }
  });

  it('treatment.off: in the fault, and only then, a stage has no machine on while production works', () => {
    const wrong: string[] = [];
    for (const { id, plant } of scenario.sites) {
      const { machines, stack } = plant.model;
      const own = machines.filter(({ line }) => line === stack.line);
      const production = own.find(({ role }) => role === 'production');
      const treatment = own.filter(({ role }) => role === 'treatment');
      for (const stage of new Set(treatment.map((machine) => machine.stage ?? machine.id))) {
        const members = treatment.filter((machine) => (machine.stage ?? machine.id) === stage);
        const lines = truthOf('treatment.off', id).filter((line) =>
          members.some(({ id: m }) => m === line.subject.device),
        );
        for (const [at, power] of powers(id, production?.id ?? '')) {
          const known = members.filter((machine) => powers(id, machine.id).has(at));
          if (power < (production?.onKw ?? 0) || known.length === 0) continue;
          const isOff = known.every((machine) => (powers(id, machine.id).get(at) ?? 0) < machine.onKw);
          if (isOff !== lines.some((line) => isIn(line, at))) wrong.push(`${when(id, at)} ${stage}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('order.*: the line works in the fault, and no other line that the order binds does', () => {
    const faults = [...truthOf('order.shutdown'), ...truthOf('order.early-restart')];
    const north = scenario.sites.filter(({ district }) => district === 'north');
    const bound = north.filter(({ isGuaranteed }) => !isGuaranteed);
    expect([north.length, bound.length]).toEqual([4, 2]);
    const wrong: string[] = [];
    for (const { id, plant } of bound) {
      for (const machine of plant.model.machines.filter(({ role }) => role === 'production')) {
        const lines = faults.filter((line) => line.site === id && line.subject.line === machine.line);
        for (const [at, power] of powers(id, machine.id)) {
          if (order === undefined || at < order.duty.fromAt || at >= order.duty.toAt) continue;
          if (power >= machine.onKw !== lines.some((line) => isIn(line, at)))
            wrong.push(`${when(id, at)} ${machine.id}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('order.unproven: every report of the meters in the fault is flagged, and the mill stands', () => {
    const [line] = truthOf('order.unproven');
    if (line === undefined) throw new Error('no truth');
    for (const device of ['m-mill', 'm-mill-bag']) {
      const wrong = sent(line.site, device).filter(
        ({ report }) => (report.flags?.['power'] === 'B') !== isIn(line, Date.parse(report.ts)),
      );
      expect(wrong).toEqual([]);
    }
    const inside = [...powers(line.site, 'm-mill')].filter(([at]) => isIn(line, at));
    expect(inside.length).toBeGreaterThan(60);
    expect(Math.max(...inside.map(([, power]) => power))).toBeLessThan(480);
  });

  it('quality.offline: nothing is sent in the fault, something right before and after it', () => {
    for (const line of truthOf('quality.offline')) {
      const times = sent(line.site, line.subject.device ?? '').map(({ report }) => Date.parse(report.ts));
      expect(times.filter((at) => isIn(line, at))).toEqual([]);
      expect(times).toEqual(expect.arrayContaining([fromOf(line) - MINUTE_MS, toOf(line)]));
    }
  });

  it('quality.invalid-hours: all of the fault is flagged D, more than five hours of one day', () => {
    const [line] = truthOf('quality.invalid-hours');
    if (line === undefined) throw new Error('no truth');
    const minutes = gasMinutes(line.site);
    expect(minutes.filter(({ ts, flags }) => (flags['nox'] === 'D') !== isIn(line, ts))).toEqual([]);
    const midnight = scenario.time.dayStart(toOf(line));
    const longest = Math.max(toOf(line) - Math.max(midnight, fromOf(line)), midnight - fromOf(line));
    expect(longest).toBeGreaterThan(5 * HOUR_MS);
  });

  it('quality.clock: a device is more than five minutes ahead of its sending in the fault, never else', () => {
    const wrong: string[] = [];
    for (const { site, id, instrument, delayMs } of scenario.sites.flatMap(({ devices }) => devices)) {
      const lines = truthOf('quality.clock', site).filter((line) => line.subject.device === id);
      for (const { report, at } of sent(site, id)) {
        if (report.resent === true) continue;
        const tickAt = Math.floor((at - delayMs) / instrument.everyMs) * instrument.everyMs;
        const endAt = Date.parse(report.ts) + (report.period === undefined ? 0 : instrument.everyMs);
        if (endAt > at + 5 * MINUTE_MS !== lines.some((line) => isIn(line, tickAt)))
          wrong.push(`${when(site, at)} ${id}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

function longestRun(values: readonly unknown[]): number {
  let longest = 0;
  let run = 0;
  for (const [index, value] of values.entries()) {
    run = value === values[index - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

describe('the innocent look-alikes of the demo', () => {
  it('a spare fan runs instead of the one on duty', () => {
    const at = scenario.startAt - 2 * HOUR_MS;
    expect(powers('demo-incinerator-c', 'm-fan-a').get(at)).toBeLessThan(2);
    expect(powers('demo-incinerator-c', 'm-fan-b').get(at)).toBeGreaterThan(32);
  });

  it('sulphur of a gas boiler sits at the detection floor: runs of equal values, and not one value', () => {
    const values = gasMinutes('demo-boiler-b').map(({ values: { so2 } }) => so2);
    expect(longestRun(values)).toBeGreaterThan(20);
    expect(new Set(values).size).toBeGreaterThan(2);
  });

  it('a meter is away for eight minutes', () => {
    const times = sent('demo-cement-g', 'm-kiln').map(({ report }) => Date.parse(report.ts));
    const gaps = times.map((at, index) => at - (times[index - 1] ?? at - MINUTE_MS)).filter((gap) => gap > MINUTE_MS);
    expect(gaps).toEqual([9 * MINUTE_MS]);
  });

  it('a boiler starts with the oxygen of air while its meter is on', () => {
    const at = scenario.startAt - 5 * HOUR_MS + MINUTE_MS;
    expect(gasMinutes('demo-boiler-d').find(({ ts }) => ts === at)?.values['o2']).toBeGreaterThan(18);
    expect(powers('demo-boiler-d', 'm-boiler').get(at)).toBeGreaterThan(15);
  });

  it('guaranteed firms work in the order that stops their district', () => {
    const at = scenario.startAt - HOUR_MS;
    expect(powers('demo-boiler-b', 'm-boiler').get(at)).toBeGreaterThan(15);
    expect(powers('demo-incinerator-c', 'm-grate').get(at)).toBeGreaterThan(50);
  });
});

describe('the truth', () => {
  it('names what is filled in only where it arrives from a store that is older than a day', () => {
    const text = scenarioText({ type: 'gas-boiler', site: ['backlogFrom: day-P1D'] });
    const old = parseScenario(text, { source: 'test' });
    const { fromAt, toAt } = scenarioSpan(old);
    const rules = (delivery: 'on-time' | 'backlog'): readonly string[] =>
      scenarioTruth(old, fromAt, toAt, delivery).map(({ rule }) => rule);
    expect(rules('on-time')).not.toContain('falsification.backfill');
    expect(rules('backlog')).toContain('falsification.backfill');
  });

  it('has no end for what goes on beyond the span', () => {
    expect(truthOf('order.shutdown').map(({ end }) => end)).toEqual([null]);
  });
});
