import { describe, expect, it } from 'vitest';
import { dutyContext, lineSpan, listening } from '../../tests/support/line-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import { dutyAt } from '../core/order-duty.ts';
import type { DutySpan, LineSigns, Running } from './line-span.ts';
import { initialUnprovenState, stepUnproven } from './order-silence.ts';
import { orderUnproven } from './order.unproven.ts';

function piece(from: string, to: string, production: Running, signs?: LineSigns): DutySpan {
  const context = dutyContext();
  const span = lineSpan(from, to, production, signs);
  return { span, duty: dutyAt(context, span.start), order: context.order, dutyContext: context };
}

function signs(settledTo: string, ...spans: readonly (readonly [string, string])[]): LineSigns {
  return { spans: spans.map(([from, to]) => [moment(from), moment(to)]), settledTo: moment(settledTo) };
}

describe('silence in an order', () => {
  it('waits for signs that are still to come', () => {
    const { context, drafts } = listening(orderUnproven);
    const state = initialUnprovenState();
    stepUnproven(state, piece('09:00', '10:30', 'unknown', signs('09:00')), context);
    expect(drafts).toEqual([]);
    stepUnproven(state, piece('10:30', '10:31', 'unknown', signs('10:31')), context);
    expect(drafts.map(({ startAt, detectedAt }) => [startAt, detectedAt])).toEqual([
      [moment('09:00'), moment('10:00')],
    ]);
  });

  it('a sign that comes late makes its own time known, and no other', () => {
    const { context, drafts } = listening(orderUnproven);
    const state = initialUnprovenState();
    stepUnproven(state, piece('09:00', '10:30', 'unknown', signs('09:00')), context);
    stepUnproven(state, piece('10:30', '10:59', 'unknown', signs('10:59', ['09:30', '10:00'])), context);
    expect(drafts).toEqual([]);
    stepUnproven(state, piece('10:59', '11:00', 'unknown', signs('11:00', ['09:30', '10:00'])), context);
    expect(drafts.map(({ startAt, detectedAt }) => [startAt, detectedAt])).toEqual([
      [moment('10:00'), moment('11:00')],
    ]);
  });

  it('holds no more than a stretch for each change of what is said', () => {
    const { context } = listening(orderUnproven);
    const state = initialUnprovenState();
    for (let minute = 10; minute < 59; minute += 1) {
      stepUnproven(
        state,
        piece(`09:${String(minute)}`, `09:${String(minute + 1)}`, 'unknown', signs('09:00')),
        context,
      );
    }
    expect(state.waiting).toHaveLength(1);
  });
});
