import { describe, expect, it } from 'vitest';
import type { WireValue } from '../../contracts/report.ts';
import { wiringFor } from '../plants/wiring.ts';
import { createRandom } from '../random.ts';
import type { DeviceReport } from './device-report.ts';
import { createGate } from './gate.ts';
import { createMeter } from './meter.ts';
import type { OwnMeans } from './device-report.ts';
import { makeOwnMean } from './own-means.ts';
import { createUpkeep } from './upkeep.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 2026-11-22T00:00:00+08:00 */
const MIDNIGHT = Date.parse('2026-11-22T00:00:00+08:00');
const minuteOfDay = (at: number): number => Math.floor((at - MIDNIGHT) / MINUTE_MS + 1_440 * 10_000) % 1_440;

describe('a meter', () => {
  const meterOf = (powerKw: number, everyMs = MINUTE_MS): ReturnType<typeof createMeter> =>
    createMeter({
      everyMs,
      random: createRandom('meter'),
      countedFromAt: MIDNIGHT,
      wiring: wiringFor(160),
      minuteOfDay,
      powerKwAt: () => powerKw,
      energyKwhAt: (at) => 1_000 + (powerKw * (at - MIDNIGHT)) / HOUR_MS,
    });
  const numberOf = (value: WireValue | undefined): number => Number(value);

  it('shows voltages and currents of three phases that make its power', () => {
    for (let minute = 0; minute < 1_440; minute += 7) {
      const { values } = meterOf(120).reportAt(MIDNIGHT + minute * MINUTE_MS);
      const apparentVa = ['a', 'b', 'c'].reduce(
        (sum, phase) => sum + numberOf(values[`voltage-${phase}`]) * numberOf(values[`current-${phase}`]),
        0,
      );
      expect((apparentVa * 0.86) / 1_000 / numberOf(values['power'])).toBeCloseTo(1, 2);
      expect(numberOf(values['voltage-a'])).toBeGreaterThan(210);
      expect(numberOf(values['voltage-a'])).toBeLessThan(235);
    }
  });

  it('shows voltage and no current for a machine that is off', () => {
    const { values } = meterOf(0.05).reportAt(MIDNIGHT);
    expect([values['current-a'], values['current-b'], values['current-c']]).toEqual([0, 0, 0]);
    expect(numberOf(values['voltage-b'])).toBeGreaterThan(200);
  });

  it('tells the ratio of its transformers once a day', () => {
    const told = Array.from({ length: 2_880 }, (_, minute) => meterOf(9).reportAt(MIDNIGHT + minute * MINUTE_MS))
      .map(({ parameters }) => parameters)
      .filter((parameters) => parameters !== undefined);
    expect(told).toEqual([{ 'ct-ratio': 80 }, { 'ct-ratio': 80 }]);
  });

  it('sends means of a longer period with their least and greatest minute, and the register at its end', () => {
    const report = meterOf(60, 15 * MINUTE_MS).reportAt(MIDNIGHT + 15 * MINUTE_MS);
    expect([report.tsAt, report.periodMs]).toEqual([MIDNIGHT, 15 * MINUTE_MS]);
    expect(report.values['energy']).toBe(1_015);
    const power = report.values['power'] as { avg: number; min: number; max: number };
    expect(power.min).toBeLessThan(power.avg);
    expect(power.avg).toBeLessThan(power.max);
  });
});

describe('transformers', () => {
  it('carry the peak of a start, and large drives have another voltage', () => {
    for (const ratedKw of [0.5, 5, 75, 315, 400, 2_400]) {
      const { phaseV, powerFactor, ctRatio } = wiringFor(ratedKw);
      const ratedA = (ratedKw * 1_000) / (3 * phaseV * powerFactor);
      expect(5 * ctRatio).toBeGreaterThan(1.3 * ratedA);
      expect(phaseV > 1_000).toBe(ratedKw > 315);
    }
  });
});

describe('a gate', () => {
  const gate = createGate({
    everyMs: 10 * MINUTE_MS,
    random: createRandom('gate'),
    countedFromAt: MIDNIGHT,
    trucksPerHourAt: (at) => (at < MIDNIGHT + 20 * DAY_MS ? 6 : 0),
  });
  const counts = Array.from({ length: 21 * 144 }, (_, index) => gate.reportAt(MIDNIGHT + (index + 1) * 10 * MINUTE_MS));
  const sumOf = (signal: string): number => counts.reduce((sum, { values }) => sum + Number(values[signal]), 0);

  it('counts whole lorries, as many as are expected, and lets out what came in', () => {
    expect(counts.every(({ values }) => Number.isInteger(values['trucks-in']))).toBe(true);
    expect(sumOf('trucks-in') / (20 * 24)).toBeGreaterThan(5.5);
    expect(sumOf('trucks-in') / (20 * 24)).toBeLessThan(6.5);
    expect(Math.abs(sumOf('trucks-in') - sumOf('trucks-out'))).toBeLessThan(15);
  });

  it('counts nothing where nothing comes', () => {
    expect(counts.slice(-100).map(({ values }) => values['trucks-in'])).toEqual(Array.from({ length: 100 }, () => 0));
  });
});

describe('upkeep', () => {
  const upkeep = createUpkeep(createRandom('upkeep'), minuteOfDay);
  const minutes = Array.from({ length: 70 * 1_440 }, (_, minute) => MIDNIGHT + minute * MINUTE_MS);
  const visited = minutes.filter((at) => upkeep.visitAt(at) !== undefined);

  it('happens once in two weeks, in working hours, for less than an hour and a quarter', () => {
    const starts = new Set(visited.map((at) => upkeep.visitAt(at)?.fromAt));
    expect(starts.size).toBe(5);
    for (const at of visited) {
      expect(minuteOfDay(at)).toBeGreaterThanOrEqual(9 * 60);
      expect(minuteOfDay(at)).toBeLessThan(16 * 60 + 15);
    }
    expect(visited.length / starts.size).toBeLessThan(75);
  });

  it('changes a slope at the end of a visit and never else', () => {
    const changes = minutes.filter((at) => upkeep.slopeAt('nox', at) !== upkeep.slopeAt('nox', at - MINUTE_MS));
    const ends = minutes.filter(
      (at) => upkeep.visitAt(at) === undefined && upkeep.visitAt(at - MINUTE_MS) !== undefined,
    );
    expect(ends).toHaveLength(5);
    expect(changes).toEqual(ends);
  });
});

describe('a mean of its own', () => {
  const means: OwnMeans = {
    alignedAt: 0,
    periodMs: HOUR_MS,
    expected: 60,
    o2ReferencePercent: 10,
    stepOf: () => 0.1,
    isConverted: (signal) => signal === 'nox',
  };
  const minute = (index: number, flag?: 'C' | 'T'): DeviceReport => ({
    tsAt: MIDNIGHT + index * MINUTE_MS,
    periodMs: MINUTE_MS,
    values: { nox: 40 + index, o2: 9 },
    flags: flag === undefined ? {} : { nox: flag },
    seq: index,
    isResent: false,
    mark: undefined,
    parameters: undefined,
  });

  it('is of the valid minutes, with the least and the greatest of them, converted by the mean oxygen', () => {
    const parts = Array.from({ length: 60 }, (_, index) => minute(index, index < 10 ? 'C' : undefined));
    const report = makeOwnMean(means, parts, MIDNIGHT + HOUR_MS, 7);
    expect(report).toMatchObject({ tsAt: MIDNIGHT, periodMs: HOUR_MS, seq: 7, flags: {} });
    expect(report?.values['nox']).toEqual({ avg: 74.5, min: 50, max: 99, converted: 68.29 });
    expect(report?.values['o2']).toEqual({ avg: 9, min: 9, max: 9 });
  });

  it('counts what is over range, and is flagged D where less than three quarters are valid', () => {
    const over = Array.from({ length: 60 }, (_, index) => minute(index, 'T'));
    expect(makeOwnMean(means, over, MIDNIGHT + HOUR_MS, 0)?.flags).toEqual({});
    const few = Array.from({ length: 60 }, (_, index) => minute(index, index < 16 ? 'C' : undefined));
    expect(makeOwnMean(means, few, MIDNIGHT + HOUR_MS, 0)?.flags).toEqual({ nox: 'D' });
  });

  it('is none where there is nothing valid', () => {
    expect(makeOwnMean(means, [{ ...minute(0), values: {} }], MIDNIGHT + HOUR_MS, 0)).toBeUndefined();
    expect(makeOwnMean(means, [], MIDNIGHT + HOUR_MS, 0)).toBeUndefined();
  });
});
