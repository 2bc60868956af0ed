import { describe, expect, it } from 'vitest';
import { moment } from '../../tests/support/local-moment.ts';
import { noteRegister, registerGrowth } from './register-hours.ts';

const HOUR = 3_600_000;

/** Readings as `08:59:30 100`; the growth of each hour asked for. */
function growth(readings: readonly string[], hours: readonly string[]): (number | undefined)[] {
  const kept: number[] = [];
  const points = readings.map((text) => {
    const [clock = '', kWh = ''] = text.split(' ');
    return { at: moment(clock), kWh: Number(kWh) };
  });
  for (const [index, now] of points.entries()) {
    const before = points[index - 1];
    noteRegister(kept, before ?? null, now, Math.floor(now.at / HOUR) * HOUR);
  }
  return hours.map((hour) => registerGrowth(kept, moment(hour)));
}

describe('the register at full hours', () => {
  it('is what was read there', () => {
    expect(growth(['07:59 99', '08:00 100', '08:30 300', '09:00 700'], ['08:00'])).toEqual([600]);
  });

  it('is in between where the readings lie on both sides', () => {
    expect(growth(['07:59:30 100', '08:00:30 110', '08:59:30 600', '09:00:30 610'], ['08:00'])).toEqual([500]);
  });

  it('needs both ends, not what lies between', () => {
    expect(growth(['07:59 99', '08:00 100', '08:59 690', '09:00 700'], ['08:00'])).toEqual([600]);
    expect(growth(['08:10 99', '09:00 100', '10:00 300'], ['08:00', '09:00'])).toEqual([undefined, 200]);
    expect(growth(['07:00 0', '08:00 100', '09:30 300', '10:00 400'], ['08:00', '09:00'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('a register that was set back says nothing about that hour', () => {
    expect(growth(['07:59 99', '08:00 100', '08:30 0', '09:00 20', '10:00 50'], ['08:00', '09:00'])).toEqual([
      undefined,
      30,
    ]);
    expect(growth(['08:00 100', '08:59:30 150', '09:00:30 0', '10:00 50'], ['08:00', '09:00'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('the first reading ever counts where it stands at the hour', () => {
    expect(growth(['08:00 100', '09:00 250'], ['08:00'])).toEqual([150]);
    expect(growth(['08:00:01 100', '09:00 250'], ['08:00'])).toEqual([undefined]);
  });

  it('keeps a few hours only', () => {
    const kept: number[] = [];
    for (let hour = 0; hour < 50; hour += 1) {
      noteRegister(kept, { kWh: hour, at: hour * HOUR }, { kWh: hour + 1, at: (hour + 1) * HOUR }, (hour + 1) * HOUR);
    }
    expect(kept).toHaveLength(12);
    expect(registerGrowth(kept, 48 * HOUR)).toBe(1);
  });
});
