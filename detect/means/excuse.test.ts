import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { WireMark } from '../../contracts/order.ts';
import { declaredMark, deviceReports, type DeclaredMark } from '../../tests/support/device-reports.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { meanAt, timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { enteredMark, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import type { MarkSpan } from '../core/mark-book.ts';
import { excuseHour, excuseShortPeriod, initialSpending } from './excuse.ts';

const NOX = { signal: 'nox', max: 100, average: 'PT1H' } as const;

/** Verdicts of the hours from 08:00 on, all of them over the limit as measured. */
function verdicts(hours: number, arrivals: readonly Arrival[], options: PlantOptions = {}): readonly string[] {
  const registry = plantRegistry({ ...options, outlet: { limits: [NOX], ...options.outlet } });
  const gas = deviceReports({ device: 'cems-1', from: '08:00' }, { nox: `200x${String(hours * 60)}` });
  const end = rfc3339(moment('08:00') + hours * HOUR_MS)
    .slice(0, 16)
    .replace('T', ' ');
  const result = replayReports(registry, [...arrivals, ...gas, ...timePasses(end)]);
  return Array.from({ length: hours }, (_, index) => {
    const start = rfc3339(moment('08:00') + index * HOUR_MS)
      .slice(0, 16)
      .replace('T', ' ');
    return meanAt(result, 'nox', start).verdict;
  });
}

const declared = (mark: Partial<DeclaredMark>): Arrival =>
  declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', ...mark });
const officers = (from: string, to: string, received: string, state = 'start-up'): Arrival => {
  const mark: WireMark = { site: 'plant', outlet: 'stack', state, from: rfc3339(from), to: rfc3339(to) };
  return enteredMark(mark, received, 'officer-7');
};

describe('a declared state excuses an hour', () => {
  it.each(['start-up', 'shut-down', 'fault', 'stopped'])('when it is %s', (state) => {
    expect(verdicts(1, [declared({ state, until: '09:00' })])).toEqual(['excused']);
  });

  it.each(['maintenance', 'calibration'])('not when it is %s: that makes its minutes invalid, no more', (state) => {
    expect(verdicts(1, [declared({ state, until: '08:15' })])).toEqual(['over']); // 45 minutes are left
    expect(verdicts(1, [declared({ state, until: '08:16' })])).toEqual(['unknown']); // 44
  });

  it('not when it is any other state', () => {
    expect(verdicts(1, [declared({ state: 'baking', until: '09:00' })])).toEqual(['over']);
  });

  it.each([
    ['08:15', 'excused'],
    ['08:14', 'over'],
  ])('when it covers 15 minutes of it: until %s it is %s', (until, verdict) => {
    expect(verdicts(1, [declared({ until })])).toEqual([verdict]);
  });

  it('with 15 minutes of it in two pieces', () => {
    const pieces = [declared({ until: '08:07' }), declared({ from: '08:30', until: '08:38' })]; // 7 + 8
    expect(verdicts(1, pieces)).toEqual(['excused']);
  });

  it.each([
    ['09:00', 'excused'],
    ['09:01', 'over'],
  ])('when it is declared within an hour of its beginning: received %s it is %s', (received, verdict) => {
    expect(verdicts(2, [declared({ until: '09:00', received })])[0]).toBe(verdict);
  });

  it('declared later only once an officer accepts it', () => {
    const late = declared({ until: '09:00', received: '09:30' });
    expect(verdicts(2, [late])).toEqual(['over', 'over']);
    expect(verdicts(2, [late, officers('08:00', '09:00', '09:45')])).toEqual(['excused', 'over']);
  });

  it('without being declared in time where it stands in the registry, which counts as accepted', () => {
    const marks = [{ site: 'plant', outlet: 'stack', state: 'start-up', from: rfc3339('08:00'), to: rfc3339('09:00') }];
    expect(verdicts(2, [], { marks })).toEqual(['excused', 'over']);
  });

  it('to its next mark where it has no end of its own', () => {
    expect(verdicts(3, [declared({}), declared({ state: 'normal', from: '10:00' })])).toEqual([
      'excused',
      'excused',
      'over',
    ]);
    expect(verdicts(3, [declared({}), declared({ state: 'calibration', from: '10:00', until: '10:05' })])).toEqual([
      'excused',
      'excused',
      'over',
    ]);
  });

  it('and goes on over another mark where it has an end of its own', () => {
    const marks = [declared({ until: '11:00' }), declared({ state: 'calibration', from: '09:30', until: '09:35' })];
    expect(verdicts(3, marks)).toEqual(['excused', 'excused', 'excused']);
  });
});

describe('the budget', () => {
  it('is 4 h each time unless said otherwise', () => {
    expect(verdicts(6, [declared({ until: '14:00' })])).toEqual([
      'excused',
      'excused',
      'excused',
      'excused',
      'over',
      'over',
    ]);
  });

  it('of each time is not renewed by declaring the same state again without a break', () => {
    const again = ['08:00', '09:00', '10:00', '11:00', '12:00'].map((from) => declared({ from }));
    expect(verdicts(6, again)).toEqual(['excused', 'excused', 'excused', 'excused', 'over', 'over']);
  });

  it('of each time begins anew after a break', () => {
    const marks = [declared({ until: '12:00' }), declared({ from: '13:00', until: '14:00' })];
    expect(verdicts(6, marks)).toEqual(['excused', 'excused', 'excused', 'excused', 'over', 'excused']);
  });

  it('holds for an officer’s marks as well', () => {
    expect(verdicts(6, [officers('08:00', '14:00', '08:00')]).filter((verdict) => verdict === 'excused')).toHaveLength(
      4,
    );
  });

  it('is set by the outlet for each state', () => {
    const outlet = { limits: [NOX], excuse: { 'start-up': { each: 'PT1H', year: 'PT60H' } } };
    expect(verdicts(2, [declared({ until: '10:00' })], { outlet })).toEqual(['excused', 'over']);
    expect(verdicts(2, [declared({ state: 'fault', until: '10:00' })], { outlet })).toEqual(['excused', 'excused']);
  });

  it('of the year is spent by marked time, whether or not the hour exceeds', () => {
    // 2 h a year: 08:00 to 10:00 spend them
    const outlet = { limits: [NOX], excuse: { 'start-up': { each: 'PT1H', year: 'PT2H' } } };
    const marks = [
      declared({ until: '09:00' }),
      declared({ from: '09:30', until: '10:30' }),
      declared({ from: '11:00', until: '12:00' }),
    ];
    expect(verdicts(4, marks, { outlet })).toEqual(['excused', 'excused', 'excused', 'over']);
  });

  const mark = (from: number, to: number, more: Partial<MarkSpan> = {}): MarkSpan => ({
    state: 'fault',
    from,
    to,
    since: from,
    declaredAt: from,
    accepted: false,
    by: 'cems-1',
    ...more,
  });
  const budget = { eachMs: 4 * HOUR_MS, yearMs: 60 * HOUR_MS };
  const budgets = { 'start-up': budget, 'shut-down': budget, fault: budget, stopped: budget };
  const YEAR = moment('2026-01-01');

  it.each([
    [59.75 * HOUR_MS, true], // 15 minutes are left
    [59.76 * HOUR_MS, false], // 14.4 minutes
  ])('of the year with %d ms spent excuses: %s', (spent, isExcused) => {
    const spending = { yearStart: YEAR, spentMs: { fault: spent } };
    const excuse = excuseHour(
      spending,
      { start: moment('08:00'), yearStart: YEAR },
      [mark(moment('08:00'), moment('09:00'))],
      budgets,
    );
    expect([excuse !== null, spending.spentMs.fault]).toEqual([isExcused, spent + HOUR_MS]);
  });

  it('of the year begins anew with the local year', () => {
    const spending = { yearStart: YEAR, spentMs: { fault: 60 * HOUR_MS } };
    const newYear = moment('2027-01-01');
    const hour = { start: newYear, yearStart: newYear };
    expect(excuseHour(spending, hour, [mark(newYear, newYear + HOUR_MS)], budgets)).not.toBeNull();
    expect(spending.spentMs).toEqual({ fault: HOUR_MS });
  });

  it('of the year begins anew for the first five minutes of it too', () => {
    const spending = { yearStart: YEAR, spentMs: { fault: 60 * HOUR_MS } };
    const newYear = moment('2027-01-01');
    const period = { start: newYear, end: newYear + 5 * MINUTE_MS, hourStart: newYear, yearStart: newYear };
    expect(excuseShortPeriod(spending, period, [mark(newYear, newYear + HOUR_MS)], budgets)).not.toBeNull();
  });

  it('is not spent by what was declared too late', () => {
    const spending = initialSpending();
    const late = mark(moment('08:00'), moment('09:00'), { declaredAt: moment('09:01') });
    expect(excuseHour(spending, { start: moment('08:00'), yearStart: YEAR }, [late], budgets)).toBeNull();
    expect(spending.spentMs).toEqual({});
  });

  it('runs out within an hour for the periods below an hour', () => {
    // 10 minutes are left at 08:00: they are spent at 08:10
    const spending = { yearStart: YEAR, spentMs: { fault: 60 * HOUR_MS - 10 * MINUTE_MS } };
    const excused = [0, 5, 10].map((minutes) => {
      const start = moment('08:00') + minutes * MINUTE_MS;
      const period = { start, end: start + 5 * MINUTE_MS, hourStart: moment('08:00'), yearStart: YEAR };
      return excuseShortPeriod(spending, period, [mark(moment('08:00'), period.end)], budgets) !== null;
    });
    expect(excused).toEqual([true, true, false]);
  });

  it('names the mark that covers most of the hour', () => {
    const marks = [mark(moment('07:30'), moment('08:05')), mark(moment('08:20'), moment('09:00'), { by: 'officer-7' })];
    expect(excuseHour(initialSpending(), { start: moment('08:00'), yearStart: YEAR }, marks, budgets)).toMatchObject({
      by: 'officer-7',
    });
  });
});
