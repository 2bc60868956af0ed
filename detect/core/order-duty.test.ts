import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dutyContext, LINE, order, smallSite } from '../../tests/support/line-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { dutyAt, dutyDuring, graceEnd, type DutyContext } from './order-duty.ts';

const HOUR = 3_600_000;
const NIGHT = { fromMinute: 22 * 60, toMinute: 6 * 60 };
const nobody = { sites: [], lines: [], industries: [], grades: [], districts: [] };

/** `stop binding`, `stop grace`, or `none`. */
function asked(context: DutyContext, at: string): string {
  const { measure, inForce, binding } = dutyAt(context, moment(at));
  return inForce ? `${measure} ${binding ? 'binding' : 'grace'}` : 'none';
}

describe('what an order asks at a moment', () => {
  it('holds from its begin up to, without, its end', () => {
    const context = dutyContext();
    expect(['07:59:59', '08:00', '19:59:59', '20:00'].map((at) => asked(context, at))).toEqual([
      'none',
      'stop binding',
      'stop binding',
      'none',
    ]);
  });

  it('binds when the grace is over, counted from the later of begin and service', () => {
    const served = dutyContext({ order: order({ graceMs: HOUR, servedAt: moment('09:30') }) });
    expect(['08:00', '10:29', '10:30'].map((at) => asked(served, at))).toEqual([
      'stop grace',
      'stop grace',
      'stop binding',
    ]);
    const early = dutyContext({ order: order({ graceMs: HOUR, servedAt: moment('05:00') }) });
    expect(rfc3339(graceEnd(early))).toBe(rfc3339('09:00'));
  });

  it('a daily window runs over midnight, and begins anew each day', () => {
    const context = dutyContext({ order: order({ daily: NIGHT, fromAt: moment('2026-11-22'), toAt: Infinity }) });
    const times = ['00:00', '05:59', '06:00', '21:59', '22:00', '2026-11-23 05:59', '2026-11-23 06:00'];
    expect(times.map((at) => asked(context, at))).toEqual([
      'stop binding',
      'stop binding',
      'none',
      'none',
      'stop binding',
      'stop binding',
      'none',
    ]);
    expect(dutyAt(context, moment('2026-11-23 01:00')).windowStart).toBe(moment('22:00'));
    expect(dutyAt(context, moment('01:00')).windowStart).toBe(moment('2026-11-22'));
  });

  it('with daily hours the grace runs once and through hours in force only', () => {
    const context = dutyContext({
      order: order({ daily: NIGHT, fromAt: moment('05:00'), toAt: Infinity, graceMs: 3 * HOUR }),
    });
    expect(rfc3339(graceEnd(context))).toBe(rfc3339('2026-11-23 00:00'));
    expect(asked(context, '2026-11-23 22:00')).toBe('stop binding');
  });

  it('statuses hold moment by moment, and a change gives no new grace', () => {
    const grade = [
      { value: 'A' as const, fromAt: 0, toAt: moment('12:00') },
      { value: 'D' as const, fromAt: moment('12:00'), toAt: Infinity },
    ];
    const context = dutyContext({
      site: smallSite({ grade }),
      order: order({ graceMs: HOUR, scope: { ...nobody, grades: ['D'] } }),
    });
    expect(['11:59', '12:00'].map((at) => asked(context, at))).toEqual(['none', 'stop binding']);
    expect(dutyAt(context, moment('09:00')).until).toBe(moment('12:00'));
  });

  it('an exemption always wins over the scope', () => {
    const exempt = { ...nobody, guaranteed: true };
    const forever = [{ value: true, fromAt: 0, toAt: Infinity }];
    const site = smallSite({ guaranteed: forever });
    expect(asked(dutyContext({ site }), '09:00')).toBe('stop binding');
    expect(asked(dutyContext({ site, order: order({ exempt }) }), '09:00')).toBe('none');
    expect(asked(dutyContext({ line: { ...LINE, guaranteed: forever }, order: order({ exempt }) }), '09:00')).toBe(
      'none',
    );
    const byLine = order({
      scope: { ...nobody, sites: ['plant'] },
      exempt: { ...nobody, lines: ['plant/line-1'], guaranteed: false },
    });
    expect(asked(dutyContext({ order: byLine }), '09:00')).toBe('none');
  });

  it.each([
    ['stop', 'stop binding'],
    ['reduce', 'reduce binding'],
    ['no-trucks', 'no-trucks binding'],
    ['none', 'none'],
  ] as const)('a plan with the measure %s', (measure, expected) => {
    const plan = [{ level: 'orange' as const, measure, percent: 50, graceMs: HOUR }];
    const context = dutyContext({ line: { ...LINE, plan }, order: order({ kind: 'plan', graceMs: 9 * HOUR }) });
    expect(asked(context, '09:00')).toBe(expected);
    expect(asked({ ...context, order: order({ kind: 'plan', level: 'red' }) }, '09:00')).toBe('none');
  });

  it('says by how much to reduce: the order of kind limit its own number, a plan that of the line', () => {
    const percentAt = (context: DutyContext, at: string): number | null => dutyAt(context, moment(at)).reducePercent;
    const limit = order({ kind: 'limit', reducePercent: 30 });
    expect(percentAt(dutyContext({ order: limit }), '09:00')).toBe(30);
    expect(percentAt(dutyContext({ order: limit }), '07:00')).toBeNull();
    const plan = [{ level: 'orange' as const, measure: 'reduce' as const, percent: 45, graceMs: undefined }];
    const planned = dutyContext({ line: { ...LINE, plan }, order: order({ kind: 'plan', reducePercent: 30 }) });
    expect(percentAt(planned, '09:00')).toBe(45);
    expect(percentAt(dutyContext(), '09:00')).toBeNull();
  });

  it("a plan's grace replaces the order's, and where it names none the order's holds", () => {
    const entry = { level: 'orange' as const, measure: 'stop' as const, percent: undefined };
    const graces = [30 * 60_000, 0, undefined].map((graceMs) =>
      graceEnd(
        dutyContext({
          line: { ...LINE, plan: [{ ...entry, graceMs }] },
          order: order({ kind: 'plan', graceMs: 2 * HOUR }),
        }),
      ),
    );
    expect(graces).toEqual([moment('08:30'), moment('08:00'), moment('10:00')]);
  });

  it('over a span: in force at some time of it, binding all along', () => {
    const context = dutyContext({ order: order({ graceMs: HOUR, kind: 'limit', reducePercent: 20 }) });
    const during = (from: string, to: string): unknown[] => {
      const { some, all, measure, reducePercent } = dutyDuring(context, moment(from), moment(to));
      return [some, all, measure, reducePercent];
    };
    expect(during('06:00', '07:00')).toEqual([false, false, 'none', null]);
    expect(during('07:30', '08:30')).toEqual([true, false, 'none', null]);
    expect(during('08:30', '09:30')).toEqual([true, false, 'reduce', 20]);
    expect(during('09:00', '10:00')).toEqual([true, true, 'reduce', 20]);
    expect(during('19:00', '20:00')).toEqual([true, true, 'reduce', 20]);
    expect(during('19:30', '20:30')).toEqual([true, false, 'reduce', 20]);
  });

  it('what it says holds until the moment it names, at every moment', () => {
    const minute = fc.integer({ min: 0, max: 3 * 1_440 }).map((minutes) => moment('2026-11-21') + minutes * 60_000);
    const daily = fc.option(
      fc.tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 1_439 })).filter(([a, b]) => a !== b),
      { nil: undefined },
    );
    const orders = fc.record({
      fromAt: minute,
      hours: fc.integer({ min: 1, max: 70 }),
      grace: fc.integer({ min: 0, max: 600 }),
      daily,
    });
    fc.assert(
      fc.property(
        orders,
        minute,
        fc.integer({ min: 0, max: 1_000 }),
        ({ fromAt, hours, grace, daily: window }, at, share) => {
          const hoursOfDay = window === undefined ? undefined : { fromMinute: window[0], toMinute: window[1] };
          const context = dutyContext({
            order: order({ fromAt, toAt: fromAt + hours * HOUR, graceMs: grace * 60_000, daily: hoursOfDay }),
          });
          const duty = dutyAt(context, at);
          expect(duty.until).toBeGreaterThan(at);
          const end = Math.min(duty.until, at + 5 * 24 * HOUR);
          const between = at + Math.floor(((end - 1 - at) * share) / 1_000);
          expect(dutyAt(context, between)).toEqual(duty);
          if (duty.binding) expect(graceEnd(context)).toBeLessThanOrEqual(at);
        },
      ),
    );
  });
});
