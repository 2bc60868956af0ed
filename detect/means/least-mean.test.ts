import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import { leastMean, runningParts } from './least-mean.ts';
import { addPart, addSample, createCell, type PeriodCell } from './period-cell.ts';

const START = 1_000 * HOUR_MS;

function sampled(everyMs: number, count: number, value: number, fromMs = 0): PeriodCell {
  const cell = createCell(HOUR_MS);
  for (let index = 0; index < count; index += 1) {
    const at = START + fromMs + index * everyMs;
    addSample(cell, { start: START, everyMs }, at, { value, overRange: false, laterDelta: 0 });
  }
  return cell;
}

function withParts(cell: PeriodCell, partMs: number, values: readonly number[]): PeriodCell {
  values.forEach((value, index) => {
    const span = { ts: START + index * partMs, partMs, everyMs: MINUTE_MS };
    addPart(cell, START, span, { value, overRange: false, laterDelta: 0, converted: undefined });
  });
  return cell;
}

const at = (minutes: number, everyMs = MINUTE_MS): { start: number; everyMs: number; now: number } => ({
  start: START,
  everyMs,
  now: START + minutes * MINUTE_MS,
});

describe('the least mean of a running hour', () => {
  it('has zero for every minute that is still to come', () => {
    expect(leastMean(sampled(MINUTE_MS, 10, 60), at(9))).toBe(10);
    expect(runningParts(sampled(MINUTE_MS, 10, 60), at(9))).toMatchObject({ sum: 600, valid: 10, remaining: 50 });
  });

  it('has nothing for minutes that are lost', () => {
    // 10 valid ones, 5 lost, 45 to come
    expect(leastMean(sampled(MINUTE_MS, 10, 55), at(15))).toBe(10);
  });

  it('is not known once 45 minutes cannot be reached', () => {
    expect(leastMean(sampled(MINUTE_MS, 10, 55), at(25))).toBe(550 / 45);
    expect(leastMean(sampled(MINUTE_MS, 10, 55), at(26))).toBeNaN();
    expect(runningParts(sampled(MINUTE_MS, 10, 55), at(26))).toBeUndefined();
  });

  it('is not known of another hour, or of nothing', () => {
    expect(leastMean(undefined, at(5))).toBeNaN();
    expect(leastMean(createCell(HOUR_MS), at(5))).toBeNaN();
    expect(leastMean(sampled(MINUTE_MS, 10, 60), { ...at(9), start: START - HOUR_MS })).toBeNaN();
  });

  it('counts a running minute once all its samples are there, one that is over with three quarters of them', () => {
    const every = 10 * SECOND_MS;
    const after = (samples: number, minutes: number): number =>
      leastMean(sampled(every, samples, 60), at(minutes, every));
    expect([after(5, 5 / 6), after(6, 5 / 6)]).toEqual([0, 1]);
    expect([after(4, 1), after(5, 1)]).toEqual([0, 1]);
  });

  it('is made of the finest parts that can still make it valid', () => {
    const minutes = (): PeriodCell => sampled(MINUTE_MS, 5, 60);
    const both = withParts(minutes(), 10 * MINUTE_MS, [120, 120]);
    // 5 valid minutes of 60 are not out of reach at minute 19, at minute 21 they are
    expect(leastMean(both, at(19))).toBeCloseTo(300 / 46, 9);
    expect(leastMean(both, at(21))).toBe(240 / 6);
  });

  it('does not count a minute twice that samples and a mean tell', () => {
    const cell = withParts(createCell(HOUR_MS), MINUTE_MS, [60]);
    addSample(cell, { start: START, everyMs: MINUTE_MS }, START, { value: 60, overRange: false, laterDelta: 0 });
    expect(leastMean(cell, at(0))).toBe(1);
    expect(runningParts(cell, at(0))).toMatchObject({ valid: 1, remaining: 59 });
  });

  it('never exceeds what the hour becomes', () => {
    const values = [5, 300, 0, 80, 12, 700, 3];
    const cell = createCell(HOUR_MS);
    let sum = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      const value = values[minute % values.length] ?? 0;
      sum += value;
      const place = { start: START, everyMs: MINUTE_MS };
      addSample(cell, place, START + minute * MINUTE_MS, { value, overRange: false, laterDelta: 0 });
      expect(leastMean(cell, at(minute))).toBeCloseTo(sum / 60, 9);
    }
  });
});
