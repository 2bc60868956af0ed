import { describe, expect, it } from 'vitest';
import { createLocalTime } from '../contracts/time/local-time.ts';
import { createSchedule } from './line-schedule.ts';
import type { LineModel } from './plants/plant-model.ts';
import { createRandom } from './random.ts';
import type { ScenarioReading } from './scenario-reading.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string): number => Date.parse(`${text}+08:00`);

const reading = {
  time: createLocalTime('Asia/Shanghai'),
  startAt: at('2026-11-22T15:00:00'),
  originAt: at('2026-11-19T00:00:00'),
} as ScenarioReading;

function lineWith(more: Partial<LineModel>): LineModel {
  const times = { startUpMs: 1, shutDownMs: 1, preStartMs: 1, afterRunMs: 1 };
  return { id: 'l', ...times, basePercent: 1, swingPercent: 1, peakHour: 1, shifts: false, cameras: [], ...more };
}

const scheduleOf = (line: LineModel, stops: readonly { fromAt: number; toAt: number }[] = []) =>
  createSchedule(reading, line, createRandom('schedule'), { hours: undefined, stops });

function runs(schedule: ReturnType<typeof scheduleOf>, instant: number): boolean {
  return schedule(instant).some(({ fromAt, toAt }) => instant >= fromAt && instant < toAt);
}

describe('the schedule of a line', () => {
  it('is one run without end where nothing interrupts it', () => {
    expect(scheduleOf(lineWith({}))(0)).toEqual([{ fromAt: -Infinity, toAt: Infinity }]);
  });

  it('keeps the hours and the days of rest, over midnight as well', () => {
    const schedule = scheduleOf(lineWith({ dailyHours: [20, 6], restDays: [0] }));
    const working = ['2026-11-21T21:00:00', '2026-11-22T05:59:00', '2026-11-23T20:00:00', '2026-11-24T03:00:00'];
    const resting = ['2026-11-21T19:59:00', '2026-11-22T06:00:00', '2026-11-22T23:00:00', '2026-11-23T03:00:00'];
    expect(working.map((text) => runs(schedule, at(text)))).toEqual([true, true, true, true]);
    expect(resting.map((text) => runs(schedule, at(text)))).toEqual([false, false, false, false]);
  });

  it('stands over the Spring Festival and on public holidays, and works in the weeks around them', () => {
    const schedule = scheduleOf(lineWith({ dailyHours: [8, 18], holidays: true }));
    const noon = (date: string): boolean => runs(schedule, at(`${date}T12:00:00`));
    expect(['2027-02-05', '2027-02-06', '2027-02-08', '2026-10-01', '2027-05-02'].map(noon)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
    expect(['2027-01-25', '2027-02-24', '2026-10-05', '2026-11-23'].map(noon)).toEqual([true, true, true, true]);
  });

  it('of a heating boiler is the winter', () => {
    const schedule = scheduleOf(lineWith({ heatingSeason: true }));
    const noon = (date: string): boolean => runs(schedule, at(`${date}T12:00:00`));
    expect(['2026-11-14', '2026-11-15', '2027-01-10', '2027-03-14', '2027-03-15', '2027-07-01'].map(noon)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('has no seams: what meets at midnight is one run, and what is told of an instant does not depend on the way', () => {
    const line = lineWith({ dailyHours: [0, 24], holidays: true });
    expect(scheduleOf(line)(at('2026-11-22T00:00:00'))).toHaveLength(1);
    const daily = lineWith({ dailyHours: [8, 18], wanderMinutes: 20, restDays: [0, 6], holidays: true });
    const instants = Array.from({ length: 400 }, (_, index) => at('2026-11-22T07:45:00') + index * 7 * HOUR_MS);
    const forwards = scheduleOf(daily);
    const there = instants.map((instant) => runs(forwards, instant));
    const fresh = instants.map((instant) => runs(scheduleOf(daily), instant));
    expect(fresh).toEqual(there);
    expect(there.filter((isRunning) => isRunning).length).toBeGreaterThan(50);
  });

  it('gives way to stops', () => {
    const stop = { fromAt: at('2026-11-23T10:00:00'), toAt: at('2026-11-23T12:00:00') };
    const schedule = scheduleOf(lineWith({ dailyHours: [8, 18] }), [stop]);
    expect(runs(schedule, stop.fromAt - 1)).toBe(true);
    expect(runs(schedule, stop.fromAt)).toBe(false);
    expect(runs(schedule, stop.toAt)).toBe(true);
    expect(runs(schedule, stop.fromAt + DAY_MS)).toBe(true);
  });
});
