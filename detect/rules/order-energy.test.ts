import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { dutyContext, LINE, listening, order } from '../../tests/support/line-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import type { LineHour } from '../core/line-hours.ts';
import { initialBaselineHistory } from './order-baseline.ts';
import { closeEnergy, initialEnergyState, stepEnergy } from './order-energy.ts';
import { orderLimit } from './order.limit.ts';
import type { Draft } from './rule.ts';

const CONTEXT = dutyContext({
  order: order({ kind: 'limit', reducePercent: 50 }),
  line: { ...LINE, baseline: { kWhPerHour: 100, source: undefined } },
});

function hour(start: number, kWh: number | null): LineHour {
  return { start, end: start + HOUR_MS, kWh, isHeard: kWh !== null, onMs: HOUR_MS, offMs: 0 };
}

/** One energy an hour from 08:00 on; the state is put away between them. */
function run(energies: readonly (number | null)[], endAt?: number): readonly Draft[] {
  const { context, drafts } = listening(orderLimit);
  const watch = { dutyContext: CONTEXT, history: initialBaselineHistory(), context };
  let state = initialEnergyState();
  energies.forEach((kWh, index) => {
    const start = moment('08:00') + index * HOUR_MS;
    stepEnergy(state, hour(start, kWh), watch, start + HOUR_MS + 30_000);
    state = JSON.parse(JSON.stringify(state)) as typeof state;
  });
  if (endAt !== undefined) closeEnergy(state, watch, endAt);
  return drafts;
}

const phases = (drafts: readonly Draft[]): unknown[] => drafts.map(({ state, endAt }) => [state, endAt]);

describe('the energy of a line under an order', () => {
  it('is found with the input that completed the third hour, and told again each hour', () => {
    const drafts = run([80, 80, 80, 80, 80]);
    expect(drafts.map(({ startAt, detectedAt }) => [startAt, detectedAt])).toEqual(
      [0, 1, 2].map(() => [moment('08:00'), moment('11:00') + 30_000]),
    );
  });

  it('unknown hours neither extend nor end it, the first hour that keeps it does', () => {
    expect(phases(run([70, 70, 70, null, null, 0]))).toEqual([
      ['open', null],
      ['closed', moment('11:00')],
    ]);
    expect(phases(run([80, 80, 80, null, null]))).toEqual([['open', null]]);
    expect(phases(run([80, 80, 80, null, 0, 0])).slice(1)).toEqual([
      ['open', null],
      ['closed', moment('13:00')],
    ]);
  });

  it('an order that is over ends it where it was last over', () => {
    expect(phases(run([80, 80, 80, 80], moment('20:00'))).at(-1)).toEqual(['closed', moment('12:00')]);
  });

  it('keeps the worst window as evidence, and no more than a day of hours', () => {
    const drafts = run([60, 60, 60, 200, 30, 30]);
    expect(drafts.at(-1)?.evidence).toMatchObject({ percentOfBaseline: 95, hoursKnown: 4, hoursOver: 4 });
    const { context } = listening(orderLimit);
    const state = initialEnergyState();
    const long = { ...CONTEXT, order: order({ kind: 'limit', reducePercent: 50, toAt: moment('2026-12-22') }) };
    const watch = { dutyContext: long, history: initialBaselineHistory(), context };
    for (let index = 0; index < 100; index += 1) {
      const start = moment('08:00') + index * HOUR_MS;
      stepEnergy(state, hour(start, 40), watch, start + HOUR_MS);
    }
    expect(state.hours).toHaveLength(24 * 4);
  });
});
