import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from './log-record.ts';
import { BEGINNING, createSteadyReceived } from './steady-received.ts';

const toLog = (times: readonly number[]): LogRecord[] =>
  times.map((received, offset) => ({ kind: 'tick', received, offset }));
const times = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 60 });
const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 });

function inBatches(records: readonly LogRecord[], sizes: readonly number[]): LogRecord[][] {
  const batches: LogRecord[][] = [];
  for (let at = 0, turn = 0; at < records.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    batches.push(records.slice(at, at + size));
    at += size;
  }
  return batches;
}

describe('receive times of a partition', () => {
  it('never go back, and are no earlier than they were written', () => {
    fc.assert(
      fc.property(times, lengths, (received, sizes) => {
        const steady = createSteadyReceived(BEGINNING);
        const read = inBatches(toLog(received), sizes).flatMap((batch) => steady.steady(batch));
        let highest = 0;
        for (const [index, record] of read.entries()) {
          highest = Math.max(highest, received[index] as number);
          expect(record.received).toBe(highest);
        }
      }),
    );
  });

  it('are the same for whoever begins at a mark', () => {
    fc.assert(
      fc.property(times, lengths, fc.nat(), (received, sizes, from) => {
        const records = toLog(received);
        const whole = createSteadyReceived(BEGINNING);
        const read = inBatches(records, sizes).flatMap((batch) => whole.steady(batch));
        const mark = whole.markBefore(from % records.length);
        expect(mark.offset).toBeLessThanOrEqual(from % records.length);
        const later = createSteadyReceived(mark);
        expect(later.steady(records.slice(mark.offset))).toEqual(read.slice(mark.offset));
      }),
    );
  });
});
