import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { createMeterHour, markMinutes, showsStandstill, type MeterHour } from './meter-hour.ts';

const START = 1_000 * HOUR_MS;
const minute = (index: number): number => START + index * MINUTE_MS;
const HOUR = { from: START, to: START + HOUR_MS };

function off(hour: MeterHour, from: number, to: number): void {
  markMinutes(hour, START, { from: minute(from), to: minute(to) }, { isOn: false, isKnown: true });
}

describe('a meter shows standstill', () => {
  it.each([
    [45, true],
    [44, false],
  ])('of an hour with %d minutes known to be off: %s', (count, expected) => {
    const hour = createMeterHour();
    for (let index = 0; index < count; index += 1) off(hour, index, index + 1);
    expect(showsStandstill(hour, START, HOUR)).toBe(expected);
  });

  it.each([
    [10, 5, true],
    [10, 4, false],
    [15, 3, true],
    [15, 2, false],
    [60, 1, true],
  ])('of an hour in parts of %d minutes with %d of them: %s', (length, count, expected) => {
    const hour = createMeterHour();
    for (let index = 0; index < count; index += 1) off(hour, index * length, (index + 1) * length);
    expect(showsStandstill(hour, START, HOUR)).toBe(expected);
  });

  it('not where one value was on', () => {
    const hour = createMeterHour();
    off(hour, 0, 59);
    markMinutes(hour, START, { from: minute(59), to: minute(60) }, { isOn: true, isKnown: true });
    expect(showsStandstill(hour, START, HOUR)).toBe(false);
  });

  it('not where nothing is known of the hour', () => {
    const hour = createMeterHour();
    off(hour, 0, 60);
    expect(showsStandstill(hour, START + HOUR_MS, { from: HOUR.to, to: HOUR.to + HOUR_MS })).toBe(false);
  });

  it('of five minutes by these five alone', () => {
    const hour = createMeterHour();
    off(hour, 5, 9); // 4 of 5 minutes: 80 %
    markMinutes(hour, START, { from: minute(20), to: minute(21) }, { isOn: true, isKnown: true });
    expect(showsStandstill(hour, START, { from: minute(5), to: minute(10) })).toBe(true);
    expect(showsStandstill(hour, START, { from: minute(20), to: minute(25) })).toBe(false);
  });

  it('not by the mean of a day, which says nothing of one hour', () => {
    const hour = createMeterHour();
    markMinutes(hour, START, { from: START - 23 * HOUR_MS, to: START + HOUR_MS }, { isOn: false, isKnown: true });
    expect(showsStandstill(hour, START, HOUR)).toBe(false);
  });
});
