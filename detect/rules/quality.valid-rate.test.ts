import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/time/instant.ts';
import { deviceReports } from '../../tests/support/device-reports.ts';
import { wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { timePasses } from '../../tests/support/mean-at.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, type Arrival } from '../../tests/support/replay-reports.ts';
import { stepValidRate, validRate, type CaptureHour, type ValidRateState } from './quality.valid-rate.ts';
import type { Draft, RuleContext } from './rule.ts';

const time = createLocalTime('Asia/Shanghai');
const Q4 = { start: moment('2026-10-01'), end: moment('2027-01-01') };

interface Played {
  readonly drafts: readonly Draft[];
  readonly state: ValidRateState | null;
}

type Kind = 'valid' | 'invalid' | 'standstill' | 'stopped';

/** Spans of hours of one kind, one after another; the state goes through JSON at each day's end. */
function played(spans: readonly (readonly [Kind, number])[], from = Q4.start): Played {
  const drafts: Draft[] = [];
  const context: RuleContext = {
    site: 'plant',
    time,
    parameter: (name) => validRate.parameters.find((parameter) => parameter.name === name)?.default ?? Number.NaN,
    emit: (draft) => drafts.push(draft),
  };
  let state: ValidRateState | null = null;
  let start = from;
  for (const [kind, hours] of spans) {
    for (let hour = 0; hour < hours; hour += 1) {
      const end = start + HOUR_MS;
      const said: CaptureHour = {
        device: 'cems-1',
        signal: 'nox',
        start,
        end,
        isValid: kind === 'valid',
        isStandstill: kind === 'standstill',
        isStopped: kind === 'stopped',
        isDayEnd: time.dayEnd(start) === end,
      };
      const next = stepValidRate(state, said, context);
      state = said.isDayEnd ? (JSON.parse(JSON.stringify(next)) as ValidRateState | null) : next;
      start = end;
    }
  }
  return { drafts, state };
}

const day = (at: number | null): string => (at === null ? '…' : time.format(at).slice(5, 10));
const lines = (...of: Parameters<typeof played>): readonly string[] =>
  played(...of).drafts.map(
    ({ startAt, endAt, detectedAt, state, severity }) =>
      `${severity} ${day(startAt)} → ${day(endAt)} seen ${day(detectedAt)} ${state}`,
  );

describe('the rate of the running quarter', () => {
  it('is not judged before ten days of work', () => {
    expect(lines([['invalid', 239]])).toEqual([]);
    expect(lines([['invalid', 240]])).toEqual(['high 10-01 → … seen 10-11 open']);
  });

  it('of 75 % is enough', () => {
    // 180 of 240
    expect(
      lines([
        ['valid', 180],
        ['invalid', 60],
      ]),
    ).toEqual([]);
    expect(
      lines([
        ['valid', 179],
        ['invalid', 61],
      ]),
    ).toEqual(['medium 10-01 → … seen 10-11 open']);
  });

  it('is told each day while it is low, and closed once it has recovered', () => {
    // 61 invalid hours: 75 % of 244 h and more are reached in the eleventh day
    expect(
      lines([
        ['valid', 179],
        ['invalid', 61],
        ['valid', 24],
      ]),
    ).toEqual(['medium 10-01 → … seen 10-11 open', 'medium 10-01 → 10-12 seen 10-11 closed']);
  });

  it('that falls again is another finding of the same quarter', () => {
    const { drafts } = played([
      ['valid', 179],
      ['invalid', 61],
      ['valid', 24],
      ['invalid', 24],
    ]);
    expect(drafts.map(({ state, discriminator }) => [state, discriminator])).toEqual([
      ['open', undefined],
      ['closed', undefined],
      ['open', 'time 2'],
    ]);
    expect(drafts[2]?.startAt).toBe(Q4.start);
  });

  it('ends with the quarter', () => {
    const { drafts, state } = played([['invalid', 92 * 24]]);
    expect(drafts.at(-1)).toMatchObject({ state: 'closed', endAt: Q4.end, detectedAt: moment('2026-10-11') });
    expect(state).toBeNull();
  });

  it('hours in which the plant stood do not count', () => {
    expect(
      lines([
        ['standstill', 300],
        ['stopped', 300],
        ['valid', 100],
      ]),
    ).toEqual([]);
    const { drafts } = played([
      ['standstill', 60],
      ['stopped', 60],
      ['invalid', 240],
    ]);
    expect(drafts[0]?.evidence).toMatchObject({ countedHours: 240, standstillHours: 60, stoppedHours: 60 });
  });

  it('says what it counted', () => {
    const { drafts } = played([
      ['valid', 100],
      ['invalid', 140],
    ]);
    expect(drafts[0]).toMatchObject({
      rule: { id: 'quality.valid-rate' },
      subject: { device: 'cems-1', signal: 'nox' },
      startAt: Q4.start,
      detectedAt: moment('2026-10-11'),
      severity: 'high',
      evidence: {
        quarter: '2026-Q4',
        from: rfc3339('2026-10-01'),
        to: rfc3339('2026-10-11'),
        isPartial: false,
        countedHours: 240,
        validHours: 100,
        needed: 0.75,
      },
    });
  });
});

describe('at the end of a quarter', () => {
  const to = (kind: Kind, hours: number): readonly (readonly [Kind, number])[] => [
    ['standstill', 92 * 24 - hours],
    [kind, hours],
  ];

  it('a day of work is enough to judge one that was seen wholly', () => {
    expect(lines(to('invalid', 23))).toEqual([]);
    expect(lines(to('invalid', 24))).toEqual(['high 10-01 → 01-01 seen 01-01 closed']);
  });

  it('one that was seen in part needs ten', () => {
    const late = Q4.end - 30 * DAY_MS;
    expect(
      lines(
        [
          ['invalid', 239],
          ['standstill', 30 * 24 - 239],
        ],
        late,
      ),
    ).toEqual([]);
    const { drafts } = played(
      [
        ['invalid', 240],
        ['standstill', 30 * 24 - 240],
      ],
      late,
    );
    expect(drafts[0]).toMatchObject({ startAt: Q4.start, evidence: { isPartial: true, from: time.format(late) } });
  });

  it('the next one begins anew', () => {
    const { drafts, state } = played([
      ['invalid', 92 * 24],
      ['valid', 24],
    ]);
    expect(state).toMatchObject({ quarterStart: Q4.end, counted: 24, valid: 24, open: null });
    expect(drafts.filter(({ startAt }) => startAt === Q4.end)).toEqual([]);
  });
});

describe('through the detector', () => {
  const NOX = { signal: 'nox', max: 100, average: 'PT1H' } as const;
  const from = '2026-10-05 06:00';
  const cems = (nox: string): readonly Arrival[] => deviceReports({ device: 'cems-1', from, period: 'PT1H' }, { nox });
  const meter = (power: string): readonly Arrival[] =>
    deviceReports({ device: 'm-1', from, period: 'PT1H' }, { power });
  const found = (arrivals: readonly Arrival[], options: PlantOptions = {}): readonly Finding[] => {
    const registry = plantRegistry({ every: 'PT1H', ...options, outlet: { limits: [NOX], ...options.outlet } });
    const after = timePasses('2026-10-26 01:00');
    return findingsOf(replayReports(registry, [...arrivals, ...after]), 'quality.valid-rate');
  };

  it('a monitor that gives half of its hours is found', () => {
    // 50 1!D, 250 times: ten days from the 5th, 06:00 on are over at the 15th, 06:00; judged at that day's end
    const [finding, other] = found(cems(Array.from({ length: 250 }, () => '50 50!D').join(' ')));
    expect(other).toBeUndefined();
    expect(finding).toMatchObject({
      subject: { device: 'cems-1', signal: 'nox' },
      start: rfc3339('2026-10-01'),
      detectedAt: rfc3339('2026-10-16'),
      state: 'open',
      evidence: { isPartial: true, from: rfc3339('2026-10-05 06:00'), quarter: '2026-Q4' },
    });
    expect(wordProblems(finding as Finding, ['2026-Q4', 'cems-1', '75'])).toEqual([]);
  });

  it('hours of a monitor that is silent are missing', () => {
    expect(found(cems('50x24'))).toHaveLength(1);
  });

  it('standstill that the meters show is left out, silent meters are work', () => {
    const line = { line: { production: [{ device: 'm-1', on: 100 }] } };
    const half = cems('50x120 50x240!D');
    expect(found([...half, ...meter('500x120 5x600')], line)).toEqual([]);
    expect(found([...half, ...meter('500x120')], line)).toHaveLength(1);
  });

  it('an accepted stop is left out', () => {
    const marks = [{ site: 'plant', outlet: 'stack', state: 'stopped', from: '2026-10-10', to: '2026-10-26' }];
    expect(found(cems('50x114'), { marks })).toEqual([]);
  });

  it('signals without a limit in force are not watched', () => {
    expect(found(cems('50x24'), { outlet: { limits: [{ ...NOX, from: '2027-01-01' }] } })).toEqual([]);
    expect(found(cems('50x24'), { outlet: { limits: [{ ...NOX, role: 'warning' }] } })).toEqual([]);
  });
});
