import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dutyContext, lineSpan, listening, toldPiece } from '../../tests/support/line-spans.ts';
import { moment } from '../../tests/support/local-moment.ts';
import type { LineSpan, Running } from './line-span.ts';
import { initialOrderLineState, stepOrderLine, stepOrderTold, type OrderLineState } from './order-line.ts';
import { orderContradiction } from './order.contradiction.ts';
import { orderShutdown } from './order.shutdown.ts';
import { orderUnproven } from './order.unproven.ts';
import type { Draft } from './rule.ts';

const MINUTE = 60_000;

interface Listeners {
  readonly production: ReturnType<typeof listening>;
  readonly unproven: ReturnType<typeof listening>;
  readonly contradiction: ReturnType<typeof listening>;
}

function listenToAll(): Listeners {
  return {
    production: listening(orderShutdown),
    unproven: listening(orderUnproven),
    contradiction: listening(orderContradiction),
  };
}

function step(state: OrderLineState, span: LineSpan, to: Listeners): void {
  stepOrderLine(state, span, dutyContext(), to.production.context);
  const told = { ...toldPiece('07:00', '08:00', span.production).span, start: span.start, end: span.end, at: span.at };
  const contexts = { unproven: to.unproven.context, contradiction: to.contradiction.context };
  stepOrderTold(state, told, dutyContext(), contexts);
}

const draftsOf = ({ production, unproven, contradiction }: Listeners): readonly Draft[] => [
  ...production.drafts,
  ...unproven.drafts,
  ...contradiction.drafts,
];

function run(spans: readonly LineSpan[]): readonly Draft[] {
  const state = initialOrderLineState();
  const listeners = listenToAll();
  for (const span of spans) step(state, span, listeners);
  return draftsOf(listeners);
}

/** The last word on each finding: rule, begin and end. */
function outcome(drafts: readonly Draft[]): unknown[] {
  const last = new Map(drafts.map((draft) => [`${draft.rule.id} ${String(draft.startAt)}`, draft]));
  return [...last.values()].map(({ rule, startAt, endAt, detectedAt }) => [rule.id, startAt, endAt, detectedAt]).sort();
}

const stretches = fc.array(
  fc.record({ production: fc.constantFrom<Running>('on', 'off', 'unknown'), minutes: fc.integer({ min: 1, max: 70 }) }),
  { minLength: 1, maxLength: 10 },
);

const MINUTES = {
  on: lineSpan('07:00', '07:01', 'on'),
  off: lineSpan('07:00', '07:01', 'off'),
  unknown: lineSpan('07:00', '07:01', 'unknown'),
};

/** One span a minute from 07:00 on; what a minute says is known when it is over. */
function minutes(said: readonly { production: Running; minutes: number }[]): LineSpan[] {
  const spans: LineSpan[] = [];
  let start = moment('07:00');
  for (const { production, minutes: length } of said) {
    for (let minute = 0; minute < length; minute += 1, start += MINUTE) {
      const end = start + MINUTE;
      spans.push({ ...MINUTES[production], start, end, at: end });
    }
  }
  return spans;
}

describe('a line under an order', () => {
  it('cuts a span where the order begins and ends', () => {
    expect(outcome(run([lineSpan('07:00', '21:00', 'on')]))).toEqual([
      ['order.shutdown', moment('08:00'), moment('20:00'), moment('21:00')],
    ]);
  });

  it('says the same however its state is put away between spans', () => {
    fc.assert(
      fc.property(stretches, (said) => {
        const spans = minutes(said);
        let state = initialOrderLineState();
        const listeners = listenToAll();
        for (const [index, span] of spans.entries()) {
          step(state, span, listeners);
          if (index % 7 === 0) state = JSON.parse(JSON.stringify(state)) as typeof state;
        }
        expect(outcome(draftsOf(listeners))).toEqual(outcome(run(spans)));
      }),
      { numRuns: 20 },
    );
  });

  it('never speaks of a time outside the order, nor of production that was not there', () => {
    fc.assert(
      fc.property(stretches, (said) => {
        const spans = minutes(said);
        for (const { rule, startAt, endAt } of run(spans)) {
          expect(startAt).toBeGreaterThanOrEqual(moment('08:00'));
          expect(endAt ?? 0).toBeLessThanOrEqual(moment('20:00'));
          const expected = rule.id === 'order.unproven' ? 'unknown' : 'on';
          expect(spans.find(({ start }) => start === startAt)?.production).toBe(expected);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('finds production wherever fifteen minutes lie in one go', () => {
    fc.assert(
      fc.property(stretches, (said) => {
        const before = { production: 'off' as const, minutes: 60 };
        const drafts = run(minutes([before, ...said, { production: 'on', minutes: 15 }]));
        const end = 60 + said.reduce((sum, { minutes: length }) => sum + length, 0) + 15;
        fc.pre(end <= 13 * 60);
        expect(drafts.some(({ rule }) => rule.id !== 'order.unproven')).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
