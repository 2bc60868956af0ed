import { describe, expect, it } from 'vitest';
import { hourMeans, type GasMinute } from '../../tests/support/hour-means.ts';
import { scenarioText } from '../../tests/support/scenario-text.ts';
import { deviceReports, type SentReport } from '../report-stream.ts';
import { parseScenario, type Scenario } from '../scenario.ts';
import { PLANT_TYPES, STACK_MODELS } from './index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 3;
/** On the Monday after the start, in the hours in which every type works. */
const STOP_AFTER_MS = 20 * HOUR_MS;
const START_AFTER_MS = 26 * HOUR_MS;

/** Three days from midnight. */
function play(type: string, site: readonly string[]): Played {
  const scenario = parseScenario(scenarioText({ type, site }), { source: 'test' });
  const fromAt = scenario.time.dayStart(scenario.startAt);
  const reports = new Map<string, readonly SentReport[]>();
  for (const device of scenario.sites[0]?.devices ?? []) {
    reports.set(device.id, [...deviceReports(scenario, device, { fromAt, toAt: fromAt + DAYS * DAY_MS })]);
  }
  return { scenario, reports, fromAt };
}

interface Played {
  readonly scenario: Scenario;
  readonly reports: ReadonlyMap<string, readonly SentReport[]>;
  readonly fromAt: number;
}

/** A stop of six hours and its start-up. */
const stopOf = (line: string): string => `stops: [{ line: ${line}, from: +PT20H, to: +PT26H }]`;

function gasMinutes(reports: readonly SentReport[]): readonly GasMinute[] {
  return reports.map(({ report }) => ({
    ts: Date.parse(report.ts),
    values: report.values as Record<string, number>,
    flags: report.flags ?? {},
  }));
}

describe.each(STACK_MODELS.map(({ type, stack }) => [type, stack] as const))('a healthy plant: %s', (type, stack) => {
  const { scenario, reports, fromAt } = play(type, [stopOf(stack.line)]);
  const site = scenario.sites[0];
  if (site === undefined) throw new Error('the scenario has no site');
  const { model } = site.plant;
  const minutes = gasMinutes(reports.get('cems-1') ?? []);
  const isCalibrated = (signal: string): boolean => model.stack.channels[signal]?.calibrated === true;

  it('shows every value inside its range and in whole steps', () => {
    expect(minutes).toHaveLength(DAYS * 1_440);
    const outside = minutes.flatMap(({ ts, values }) =>
      Object.entries(model.stack.channels).flatMap(([signal, { range, resolution }]) => {
        const value = values[signal] ?? Number.NaN;
        const steps = value / resolution;
        const isWhole = Math.abs(steps - Math.round(steps)) < 1e-4;
        return value >= range[0] && value < range[1] && isWhole ? [] : [{ ts, signal, value }];
      }),
    );
    expect(outside).toEqual([]);
  });

  it('stays below nine tenths of its limits in every hour that can be judged', () => {
    const close = site.limits
      .filter(({ average, max }) => max !== undefined && average === 'PT1H')
      .flatMap(({ signal, max = 0 }) =>
        hourMeans(minutes, signal, model.stack.o2ReferencePercent)
          .filter((hour) => hour.minutes >= 45 && hour.o2 < 20.5 && hour.converted > 0.9 * max)
          .map((hour) => ({ signal, max, ...hour })),
      );
    expect(close).toEqual([]);
  });

  it('has the oxygen of air and no pollutant while it stands, and falls from it when it starts', () => {
    const startAt = scenario.startAt + START_AFTER_MS;
    const standing = minutes.filter(({ ts }) => ts >= startAt - 3 * HOUR_MS && ts < startAt - 60_000);
    const gas = model.stack.channels['nmhc'] === undefined ? 'nox' : 'nmhc';
    const floor = 0.02 * (model.stack.channels[gas]?.range[1] ?? 0);
    const judged = standing.filter(({ flags }) => flags[gas] === undefined);
    expect(Math.max(...judged.map(({ values }) => values[gas] ?? 99))).toBeLessThan(floor);
    if (model.stack.channels['o2'] === undefined) return;
    expect(Math.min(...judged.map(({ values }) => values['o2'] ?? 0))).toBeGreaterThan(20.6);
    const oxygenAfter = (minutesAfter: number): number =>
      minutes.find(({ ts }) => ts === startAt + minutesAfter * 60_000)?.values['o2'] ?? Number.NaN;
    expect(oxygenAfter(3)).toBeGreaterThan(oxygenAfter(15));
    expect(oxygenAfter(15)).toBeGreaterThan(oxygenAfter(60));
  });

  it('declares the stop, the start-up and the calibrations', () => {
    const states = (reports.get('cems-1') ?? []).flatMap(({ report }) => report.mark?.state ?? []);
    expect(states.filter((state) => state === 'calibration')).toHaveLength(DAYS);
    const changes = states.filter((state) => state !== 'calibration');
    for (const state of ['shut-down', 'stopped', 'start-up', 'normal']) expect(changes).toContain(state);
  });

  it('shows span gas above the limit under flag C while it calibrates', () => {
    const [limit] = site.limits.filter(({ signal, average }) => isCalibrated(signal) && average === 'PT1H');
    if (limit === undefined) throw new Error('no limit on a calibrated channel');
    const calibrating = minutes.filter(({ flags }) => flags[limit.signal] === 'C');
    expect(calibrating).toHaveLength(DAYS * 12);
    const above = calibrating.filter(({ values }) => (values[limit.signal] ?? 0) > (limit.max ?? Infinity));
    expect(above).toHaveLength(DAYS * 6);
  });

  it.each(model.machines.map(({ id }) => id))('%s: the register is the sum of the power', (id) => {
    const sent = reports.get(id) ?? [];
    const energies = sent.map(({ report }) => report.values['energy'] as number);
    const used = (energies.at(-1) ?? 0) - (energies[0] ?? 0);
    const sum = sent.slice(0, -1).reduce((total, { report }) => total + (report.values['power'] as number) / 60, 0);
    expect(used / sum).toBeCloseTo(1, 2);
    expect(energies.every((energy, index) => index === 0 || energy >= (energies[index - 1] ?? 0))).toBe(true);
  });

  it.each(model.machines.map(({ id }) => id))('%s: on and off are far from its threshold', (id) => {
    const machine = model.machines.find((candidate) => candidate.id === id);
    if (machine === undefined) throw new Error(`no machine ${id}`);
    const powers = (reports.get(id) ?? []).map(({ report }) => report.values['power'] as number);
    const unclear = powers.filter((power) => power > 0.2 * machine.onKw && power < 1.5 * machine.onKw);
    expect(unclear).toEqual([]);
  });

  it('switches the treatment on before production and off after it', () => {
    const line = model.stack.line;
    const isOn = (id: string, onKw: number, at: number): boolean =>
      Number((reports.get(id) ?? [])[Math.round((at - fromAt) / 60_000)]?.report.values['power']) >= onKw;
    const own = model.machines.filter((machine) => machine.line === line && machine.duty === 'duty');
    const early = scenario.startAt + START_AFTER_MS - 2 * 60_000;
    const late = scenario.startAt + STOP_AFTER_MS + 2 * 60_000;
    for (const { id, onKw, role } of own) {
      expect([id, isOn(id, onKw, early), isOn(id, onKw, late)]).toEqual([
        id,
        role === 'treatment',
        role === 'treatment',
      ]);
    }
  });
});

describe('a waste incinerator', () => {
  it('is hot whenever its grate moves, in start-ups and shut-downs as well', () => {
    const { reports } = play('incinerator', [stopOf('furnace-1')]);
    const furnace = (reports.get('cems-1') ?? []).map(({ report }) => report.values['furnace-temp'] as number);
    const grate = (reports.get('m-grate') ?? []).map(({ report }) => report.values['power'] as number);
    const working = furnace.filter((_, index) => (grate[index] ?? 0) >= 50);
    expect(working.length).toBeGreaterThan(3_000);
    expect(Math.min(...working)).toBeGreaterThan(860);
    expect(Math.min(...furnace)).toBeLessThan(600);
  });
});

describe('types of plant', () => {
  it('are sorted and have one name each', () => {
    expect(PLANT_TYPES).toEqual([...new Set(PLANT_TYPES)].toSorted());
  });
});
