import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import { dutyContext, LINE, listening, order } from '../../tests/support/line-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import { addHour, busiestDay, dropHours, sumUp, type EnergyBook, type EnergyWatch } from './order-balance.ts';
import { initialBaselineHistory, learnHour, type BaselineHistory } from './order-baseline.ts';
import { orderLimit } from './order.limit.ts';

const TIME = createLocalTime('Asia/Shanghai');
const { context } = listening(orderLimit);

/** Days before 22 November; the clock hours at `unknown` are missing in each. */
function history(days: number, unknown: readonly number[] = []): BaselineHistory {
  const learned = initialBaselineHistory();
  for (let at = moment('2026-11-22') - days * DAY_MS; at <= moment('2026-11-22'); at += HOUR_MS) {
    const clock = Math.round((at - TIME.dayStart(at)) / HOUR_MS);
    learnHour(learned, { start: at, kWh: unknown.includes(clock) ? null : 100 + clock, isFree: true }, TIME);
  }
  return learned;
}

function watch(learned: BaselineHistory, filed?: number): EnergyWatch {
  const baseline = filed === undefined ? undefined : { kWhPerHour: filed, source: undefined };
  const limit = order({ kind: 'limit', reducePercent: 50 });
  return { dutyContext: dutyContext({ order: limit, line: { ...LINE, baseline } }), history: learned, context };
}

function book(energies: readonly (number | null)[], by: EnergyWatch): EnergyBook {
  const made: EnergyBook = { hours: [], baseline: null };
  energies.forEach((kWh, index) => {
    const start = moment('08:00') + index * HOUR_MS;
    const hour = { start, end: start + HOUR_MS, kWh, isHeard: true, onMs: HOUR_MS / 2, offMs: 0 };
    addHour(made, hour, by);
  });
  return made;
}

describe('energy beside the baseline', () => {
  it('sums both over the hours that are known on both sides', () => {
    const by = watch(history(3, [9]));
    expect(sumUp(book([50, 60, null, 70], by), by, moment('12:00'))).toMatchObject({
      from: moment('08:00'),
      hoursBinding: 4,
      hoursKnown: 2,
      kWh: 120,
      baselineKwh: 108 + 111,
      learnedKwh: 108 + 111,
      hoursMetered: 3,
      meteredKwh: 180,
      onMs: 1.5 * HOUR_MS,
    });
  });

  it('a filed baseline goes before, the learned one stands beside it where all of it is known', () => {
    const whole = watch(history(3), 200);
    expect(sumUp(book([50, 60], whole), whole, moment('10:00'))).toMatchObject({ baselineKwh: 400, learnedKwh: 217 });
    const part = watch(history(3, [9]), 200);
    expect(sumUp(book([50, 60], part), part, moment('10:00'))).toMatchObject({ baselineKwh: 400, learnedKwh: null });
  });

  it('without a baseline the energy is known and nothing can be compared', () => {
    const none = watch(history(2));
    expect(sumUp(book([50, 60], none), none, moment('10:00'))).toMatchObject({ hoursKnown: 0, hoursMetered: 2 });
  });

  it('the learned baseline stays as it was when the order began', () => {
    const learned = history(3);
    const by = watch(learned);
    const made = book([50], by);
    learned.days = [];
    expect(sumUp(made, by, moment('09:00')).baselineKwh).toBe(108);
  });

  it('says how far the busiest of the days before was above their mean in those hours', () => {
    expect(busiestDay(book([50, 60], watch(history(3))), watch(history(3)))).toBe(1);
    const learned = history(3);
    const [first = []] = learned.days;
    first[1 + 8] = 408;
    const by = watch(learned);
    // 08:00: 108, 108 and 408, so 208 in the mean; 09:00: 109 on each.
    expect(busiestDay(book([50, 60], by), by)).toBeCloseTo((408 + 109) / (208 + 109), 9);
    expect(busiestDay(book([null, 60], by), by)).toBe(1);
  });

  it('hours are forgotten when they are too far back', () => {
    const by = watch(history(3));
    const made = book([50, 60, 70], by);
    dropHours(made, moment('09:00'));
    expect(sumUp(made, by, moment('11:00'))).toMatchObject({ from: moment('09:00'), kWh: 130 });
  });
});
