import { describe, expect, it } from 'vitest';
import { dutyContext, LINE, listening, order, toldPiece } from '../../tests/support/line-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import { initialUnprovenState, stepUnproven } from './order-silence.ts';
import type { ToldPiece } from './order-signs.ts';
import { orderUnproven } from './order.unproven.ts';
import type { Draft } from './rule.ts';

function run(pieces: readonly ToldPiece[]): readonly Draft[] {
  const { context, drafts } = listening(orderUnproven);
  let state = initialUnprovenState();
  for (const piece of pieces) {
    stepUnproven(state, piece, context);
    state = JSON.parse(JSON.stringify(state)) as typeof state;
  }
  return drafts;
}

const times = (drafts: readonly Draft[]): unknown[] =>
  drafts.map(({ startAt, endAt, detectedAt, state }) => [startAt, endAt, detectedAt, state]);

describe('silence in an order', () => {
  it('is found when it has lasted an hour, whatever came after', () => {
    expect(times(run([toldPiece('09:00', '10:30', 'unknown')]))).toEqual([
      [moment('09:00'), null, moment('10:00'), 'open'],
    ]);
  });

  it('a sign makes its own time known, and no other', () => {
    const pieces = [
      toldPiece('09:00', '09:30', 'unknown'),
      toldPiece('09:30', '10:00', 'unknown', { isTold: true }),
      toldPiece('10:00', '11:00', 'unknown'),
    ];
    expect(times(run(pieces))).toEqual([[moment('10:00'), null, moment('11:00'), 'open']]);
  });

  it('closes where the hour of knowledge began', () => {
    const pieces = [
      toldPiece('09:00', '10:00', 'unknown'),
      toldPiece('10:00', '10:30', 'off'),
      toldPiece('10:30', '11:00', 'unknown', { isTold: true }),
    ];
    expect(times(run(pieces)).at(-1)).toEqual([moment('09:00'), moment('10:00'), moment('10:00'), 'closed']);
  });

  it('a line that may not have trucks has nothing to show', () => {
    const plan = [{ level: 'orange' as const, measure: 'no-trucks' as const, percent: undefined, graceMs: 0 }];
    const context = dutyContext({ line: { ...LINE, plan }, order: order({ kind: 'plan' }) });
    expect(run([toldPiece('09:00', '19:00', 'unknown', { context })])).toEqual([]);
  });
});
