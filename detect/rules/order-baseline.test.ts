import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import { moment } from '../../tests/support/local-moment.ts';
import { baselineBefore, initialBaselineHistory, learnHour, type BaselineHistory } from './order-baseline.ts';

const TIME = createLocalTime('Asia/Shanghai');
const FIRST = moment('2026-11-01');

interface Day {
  /** kWh of each hour. */
  readonly kWh: (hour: number) => number | null;
  readonly isFree?: (hour: number) => boolean;
}

/** Days from 1 November on, one after another; the state goes through JSON each hour. */
function learned(days: readonly Day[]): BaselineHistory {
  let history = initialBaselineHistory();
  days.forEach(({ kWh, isFree = () => true }, day) => {
    for (let hour = 0; hour < 24; hour += 1) {
      const start = FIRST + day * DAY_MS + hour * HOUR_MS;
      learnHour(history, { start, kWh: kWh(hour), isFree: isFree(hour) }, TIME);
      history = JSON.parse(JSON.stringify(history)) as BaselineHistory;
    }
  });
  return history;
}

const flat = (kWh: number): Day => ({ kWh: () => kWh });
const after = (days: number): number => FIRST + days * DAY_MS;
/** The first hour of the next day closes the one before. */
const tail: Day = flat(9_999);

describe('the baseline of a line', () => {
  it('is the mean of the same clock hours of at least three days', () => {
    const days = [100, 200, 300].map((kWh) => ({ kWh: (hour: number) => kWh + hour }));
    const baseline = baselineBefore(learned([...days, tail]), after(3), TIME);
    expect(baseline?.days).toBe(3);
    expect(baseline?.hours[0]).toBe(200);
    expect(baseline?.hours[23]).toBe(223);
    expect(baselineBefore(learned([...days.slice(1), tail]), after(2), TIME)).toBeUndefined();
  });

  it('takes the last fourteen days before the order, none that reaches into it', () => {
    const days = Array.from({ length: 20 }, (_, day) => flat(day));
    const history = learned([...days, tail]);
    expect(baselineBefore(history, after(20), TIME)).toMatchObject({ days: 14, hours: { 5: 12.5 } });
    expect(baselineBefore(history, after(19) + 8 * HOUR_MS, TIME)).toMatchObject({ days: 14, hours: { 5: 11.5 } });
  });

  it('days with fewer than twenty valid hours, or with an order, are no days', () => {
    const silent = (from: number): Day => ({ kWh: (hour) => (hour < from ? 100 : null) });
    const ordered: Day = { kWh: () => 100, isFree: (hour) => hour !== 13 };
    const enough = learned([flat(100), silent(20), flat(100), tail]);
    expect(baselineBefore(enough, after(3), TIME)?.days).toBe(3);
    expect(baselineBefore(learned([flat(100), silent(19), flat(100), tail]), after(3), TIME)).toBeUndefined();
    expect(baselineBefore(learned([flat(100), ordered, flat(100), tail]), after(3), TIME)).toBeUndefined();
  });

  it('an hour that none of the days knows stays unknown', () => {
    const gap: Day = { kWh: (hour) => (hour === 4 ? null : 100) };
    const baseline = baselineBefore(learned([gap, gap, gap, tail]), after(3), TIME);
    expect([baseline?.hours[3], baseline?.hours[4]]).toEqual([100, null]);
  });

  it('looks back ninety days', () => {
    const history = learned([flat(100), flat(100), flat(100), tail]);
    expect(baselineBefore(history, FIRST + 90 * DAY_MS, TIME)?.days).toBe(3);
    expect(baselineBefore(history, FIRST + 90 * DAY_MS + 1, TIME)).toBeUndefined();
  });

  it('keeps three weeks and no more', () => {
    expect(learned(Array.from({ length: 60 }, () => flat(412.3456))).days).toHaveLength(21);
    expect(learned([flat(412.3456), tail]).days[0]?.[1]).toBe(412.35);
  });
});
