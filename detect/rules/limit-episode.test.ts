import { describe, expect, it } from 'vitest';
import type { Limit } from '../../contracts/registry/registry.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { createLocalTime } from '../../contracts/time/local-time.ts';
import { moment } from '../../tests/support/local-moment.ts';
import type { JudgedPeriod } from '../means/judged-period.ts';
import { endEpisode, initialLimitState, stepLimit, type LimitState } from './limit-episode.ts';
import { limitHour } from './limit.hour.ts';
import type { Draft, RuleContext } from './rule.ts';

const LIMIT: Limit = {
  signal: 'nox',
  max: 100,
  min: undefined,
  average: { text: 'PT1H', ms: HOUR_MS, months: 0 },
  fromAt: Number.NEGATIVE_INFINITY,
  toAt: Number.POSITIVE_INFINITY,
  source: undefined,
  allow: undefined,
  role: 'legal',
};

function hour(index: number, value: number | null): JudgedPeriod {
  const start = moment('08:00') + index * HOUR_MS;
  return {
    outlet: 'stack',
    device: 'cems-1',
    signal: 'nox',
    average: 'PT1H',
    start,
    end: start + HOUR_MS,
    valid: value !== null,
    mean: value,
    converted: null,
    o2: null,
    lowerBound: false,
    assumedO2: null,
    overRange: false,
    value,
    operating: true,
    excuse: null,
    parts: { valid: 60, expected: 60, unit: 'minutes' },
    source: 'samples',
    ownMean: null,
    ownConverted: null,
    later: null,
  };
}

function witness(): { context: RuleContext; drafts: Draft[] } {
  const drafts: Draft[] = [];
  const context: RuleContext = {
    site: 'plant',
    time: createLocalTime('Asia/Shanghai'),
    parameter: () => 2,
    emit: (draft) => {
      drafts.push(draft);
    },
  };
  return { context, drafts };
}

describe('an episode', () => {
  it('grows by adjacent hours, and ends with the end of the last one', () => {
    const state = initialLimitState();
    const { context, drafts } = witness();
    for (const [index, value] of [110, 120, 90].entries())
      stepLimit(state, limitHour, LIMIT, { period: hour(index, value), context });
    expect(drafts.map(({ state: told, startAt, endAt }) => [told, startAt, endAt])).toEqual([
      ['open', moment('08:00'), null],
      ['open', moment('08:00'), null],
      ['closed', moment('08:00'), moment('10:00')],
    ]);
  });

  it('ends where an hour is missing between', () => {
    const state = initialLimitState();
    const { context, drafts } = witness();
    stepLimit(state, limitHour, LIMIT, { period: hour(0, 110), context });
    stepLimit(state, limitHour, LIMIT, { period: hour(2, 110), context });
    expect(drafts.map(({ state: told, startAt }) => [told, startAt])).toEqual([
      ['open', moment('08:00')],
      ['closed', moment('08:00')],
      ['open', moment('10:00')],
    ]);
  });

  it('ends with its limit', () => {
    const state = initialLimitState();
    const { context, drafts } = witness();
    stepLimit(state, limitHour, LIMIT, { period: hour(0, 110), context });
    endEpisode(state, limitHour, LIMIT, context);
    endEpisode(state, limitHour, LIMIT, context);
    expect(drafts.map(({ state: told }) => told)).toEqual(['open', 'closed']);
  });

  it('goes on after its state went through JSON', () => {
    const { context, drafts } = witness();
    let state = initialLimitState();
    for (const [index, value] of [110, 120, 90].entries()) {
      stepLimit(state, limitHour, LIMIT, { period: hour(index, value), context });
      state = JSON.parse(JSON.stringify(state)) as LimitState;
    }
    expect(drafts.at(-1)).toMatchObject({ state: 'closed', startAt: moment('08:00'), endAt: moment('10:00') });
  });

  it('is told of the verdict', () => {
    const { context } = witness();
    const verdicts = [100, 101, null].map((value) =>
      stepLimit(initialLimitState(), limitHour, LIMIT, { period: hour(0, value), context }),
    );
    expect(verdicts).toEqual(['within', 'over', 'unknown']);
  });

  it('of a limit of nothing has no multiple of it', () => {
    const { context, drafts } = witness();
    stepLimit(initialLimitState(), limitHour, { ...LIMIT, max: 0 }, { period: hour(0, 1), context });
    expect(drafts[0]).toMatchObject({ severity: 'critical', evidence: { timesLimit: null } });
  });
});
