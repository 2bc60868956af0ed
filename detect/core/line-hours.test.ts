import { describe, expect, it } from 'vitest';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import { lineSpan } from '../../tests/support/line-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import type { LineSpan, MeterSpan, Running } from '../rules/line-span.ts';
import { addToHours, initialLineHourState, type LineHour } from './line-hours.ts';

const TIME = createLocalTime('Asia/Shanghai');

function span(from: string, to: string, powers: readonly (number | undefined)[]): LineSpan {
  const isOn = powers.some((power) => (power ?? 0) >= 200);
  const production: Running = isOn ? 'on' : powers.includes(undefined) ? 'unknown' : 'off';
  const made = lineSpan(from, to, production);
  const [first] = made.productionMeters as readonly [MeterSpan];
  return { ...made, productionMeters: powers.map((powerKw) => ({ ...first, powerKw })) };
}

function hoursOf(spans: readonly LineSpan[], registers: readonly (readonly number[] | undefined)[] = []): LineHour[] {
  let state = initialLineHourState();
  const hours: LineHour[] = [];
  for (const next of spans) {
    addToHours(state, next, TIME, { registersOf: (member) => registers[member], each: (hour) => hours.push(hour) });
    state = JSON.parse(JSON.stringify(state)) as typeof state;
  }
  return hours;
}

const energies = (hours: readonly LineHour[]): unknown[] => hours.map(({ start, kWh }) => [start, kWh]);

describe('the clock hours of a line', () => {
  it('sum power over time, whatever the spans', () => {
    expect(energies(hoursOf([span('07:30', '09:30', [300]), span('09:30', '11:10', [600])]))).toEqual([
      [moment('07:00'), null],
      [moment('08:00'), 300],
      [moment('09:00'), 450],
      [moment('10:00'), 600],
    ]);
  });

  it('forty-five covered minutes make an hour, scaled to the whole; forty-four do not', () => {
    const short = [span('08:00', '08:44', [300]), span('08:44', '09:00', [undefined])];
    expect(energies(hoursOf(short))).toEqual([[moment('08:00'), null]]);
    const enough = [span('08:00', '08:45', [300]), span('08:45', '09:00', [undefined])];
    expect(energies(hoursOf(enough))).toEqual([[moment('08:00'), 300]]);
  });

  it('needs every meter of the line', () => {
    const [hour] = hoursOf([span('08:00', '09:00', [300, undefined])]);
    expect(hour).toMatchObject({ kWh: null, isHeard: true, onMs: 3_600_000, offMs: 0 });
    expect(hoursOf([span('08:00', '09:00', [300, 50])])[0]?.kWh).toBe(350);
    expect(hoursOf([span('08:00', '09:00', [undefined, undefined])])[0]).toMatchObject({ kWh: null, isHeard: false });
  });

  it('takes the register where both ends of the hour are known', () => {
    const registers = [moment('08:00'), 1_000, moment('09:00'), 1_280];
    expect(hoursOf([span('08:00', '09:00', [300])], [registers])[0]?.kWh).toBe(280);
    expect(hoursOf([span('08:00', '09:00', [300, 50])], [registers])[0]?.kWh).toBe(330);
  });

  it('a register that grew as no machine of this size can is not believed', () => {
    const registers = [moment('08:00'), 1_000, moment('09:00'), 4_001];
    expect(hoursOf([span('08:00', '09:00', [300])], [registers])[0]?.kWh).toBe(300);
  });

  it('the register alone makes no hour valid that nobody covered', () => {
    const registers = [moment('08:00'), 1_000, moment('09:00'), 1_280];
    const spans = [span('08:00', '08:30', [300]), span('08:30', '09:00', [undefined])];
    expect(hoursOf(spans, [registers])[0]?.kWh).toBeNull();
  });

  it('hours of silence are handed on as unknown, and a gap between spans is silence', () => {
    expect(energies(hoursOf([span('08:00', '10:00', [undefined]), span('12:00', '13:00', [300])]))).toEqual([
      [moment('08:00'), null],
      [moment('09:00'), null],
      [moment('12:00'), 300],
    ]);
  });

  it('says how long it was on and off', () => {
    const [hour] = hoursOf([
      span('08:00', '08:20', [300]),
      span('08:20', '08:50', [3]),
      span('08:50', '09:00', [undefined]),
    ]);
    expect(hour).toMatchObject({ onMs: 20 * 60_000, offMs: 30 * 60_000 });
  });
});
