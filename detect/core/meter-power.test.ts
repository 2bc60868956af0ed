import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contracts/report-reading.ts';
import type { Flag } from '../../contracts/signals.ts';
import { initialMeterMemory, learnPower, onThreshold, reportPower, type MeterMemory } from './meter-power.ts';

const MINUTE = 60_000;
const UNKNOWN = { on: undefined, rated: undefined };

function says(signal: string, value: number, flag: Flag = 'N'): Reading {
  return { signal, value, flag, min: undefined, max: undefined, converted: undefined };
}

function learned(values: readonly number[]): MeterMemory {
  const memory = initialMeterMemory();
  for (const value of values) learnPower(memory, value);
  return memory;
}

describe('power of a report', () => {
  it('is its power, whatever the register says', () => {
    const memory = initialMeterMemory();
    reportPower(memory, { endAt: 0, readings: [says('energy', 100)] });
    expect(reportPower(memory, { endAt: MINUTE, readings: [says('power', 7), says('energy', 200)] })).toBe(7);
  });

  it('else the growth of the register since the report before', () => {
    const memory = initialMeterMemory();
    expect(reportPower(memory, { endAt: 0, readings: [says('energy', 100)] })).toBeUndefined();
    expect(reportPower(memory, { endAt: 15 * MINUTE, readings: [says('energy', 175)] })).toBe(300);
    expect(reportPower(memory, { endAt: 30 * MINUTE, readings: [says('energy', 175)] })).toBe(0);
  });

  it('a register that runs backwards or is flagged says nothing, and the next growth counts from it', () => {
    const memory = initialMeterMemory();
    reportPower(memory, { endAt: 0, readings: [says('energy', 9_000)] });
    expect(reportPower(memory, { endAt: 60 * MINUTE, readings: [says('energy', 10)] })).toBeUndefined();
    expect(reportPower(memory, { endAt: 120 * MINUTE, readings: [says('energy', 70)] })).toBe(60);
    expect(reportPower(memory, { endAt: 180 * MINUTE, readings: [says('energy', 90, 'D')] })).toBeUndefined();
  });

  it.each<readonly [Flag, number | undefined]>([
    ['N', 5],
    ['T', 5],
    ['F', undefined],
    ['M', undefined],
    ['S', undefined],
    ['D', undefined],
    ['C', undefined],
    ['B', undefined],
  ])('flag %s', (flag, expected) => {
    expect(reportPower(initialMeterMemory(), { endAt: 0, readings: [says('power', 5, flag)] })).toBe(expected);
  });
});

describe('the threshold from which a machine is on', () => {
  it('is the registry’s, else the learned one, else a fifth of the rated power, else nobody knows', () => {
    const memory = initialMeterMemory();
    expect(onThreshold(memory, UNKNOWN)).toBeUndefined();
    expect(onThreshold(memory, { on: undefined, rated: 500 })).toBe(100);
    expect(onThreshold({ ...memory, learnedOn: 42 }, { on: undefined, rated: 500 })).toBe(42);
    expect(onThreshold({ ...memory, learnedOn: 42 }, { on: 30, rated: 500 })).toBe(30);
  });

  it('is learned between standby and work, wherever the two lie', () => {
    const level = fc.double({ min: 0.2, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        level,
        fc.double({ min: 8, max: 200, noNaN: true }),
        fc.integer({ min: 10, max: 90 }),
        (standby, ratio, share) => {
          const work = standby * ratio;
          const values = Array.from(
            { length: 480 },
            (_, i) => ((i * 37) % 100 < share ? work : standby) * (1 + 0.02 * Math.sin(i)),
          );
          const on = onThreshold(learned(values), UNKNOWN);
          expect(on).toBeGreaterThan(standby * 1.02);
          expect(on).toBeLessThan(work * 0.98);
        },
      ),
    );
  });

  it('a machine that only ever did one thing teaches nothing', () => {
    const steady = fc.double({ min: 0.1, max: 5_000, noNaN: true });
    fc.assert(
      fc.property(steady, (power) => {
        const values = Array.from({ length: 480 }, (_, i) => power * (1 + 0.1 * Math.sin(i)));
        expect(onThreshold(learned(values), UNKNOWN)).toBeUndefined();
      }),
    );
  });

  it('zero, negative and enormous power have their place', () => {
    const memory = learned([...Array.from({ length: 240 }, (_, i) => (i % 2 === 0 ? -3 : 1e9))]);
    expect(memory.histogram.reduce((sum, count) => sum + count, 0)).toBe(240);
    expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
  });
});
