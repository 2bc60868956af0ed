import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../../contracts/signals.ts';
import { decodeHotSample, HotRow, walkHotRow, type HotColumns, type HotSample } from './hot-samples.ts';

/** Set n has n signals. */
const signalsOf = (set: number): number[] => Array.from({ length: set }, (_, i) => i + 1);

const sample: fc.Arbitrary<HotSample> = fc.integer({ min: 1, max: 40 }).chain((signals) =>
  fc.record({
    stream: fc.integer({ min: 1, max: 5 }),
    signalSet: fc.constant(signals),
    ts: fc.integer({ min: 0, max: 4e12 }),
    received: fc.integer({ min: 0, max: 4e12 }),
    revision: fc.integer({ min: 0, max: 9 }),
    values: fc.array(fc.oneof(fc.double(), fc.string()), { minLength: signals, maxLength: signals }),
    flags: fc
      .array(fc.constantFrom(...FLAGS), { minLength: signals, maxLength: signals })
      .map((letters) => letters.join('')),
  }),
);

function written(samples: readonly HotSample[]): HotColumns {
  const row = new HotRow();
  for (const one of samples) row.add(one);
  return row.take();
}

function read(columns: HotColumns, wanted: (stream: number) => boolean = () => true): unknown[] {
  const found: unknown[] = [];
  walkHotRow(columns, signalsOf, wanted, (at) => {
    const { signals, ...rest } = decodeHotSample(at);
    found.push({ stream: at.stream, signalSet: signals.length, ...rest });
  });
  return found;
}

describe('a row of new samples', () => {
  it('gives back what was added, of the streams that are wanted', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 20 }), (samples) => {
        const columns = written(samples);
        expect(read(columns)).toEqual(samples);
        expect(read(columns, (stream) => stream === 2)).toEqual(samples.filter(({ stream }) => stream === 2));
      }),
    );
  });

  it('copies samples from one row to another as they are', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 20 }), (samples) => {
        const copy = new HotRow();
        walkHotRow(
          written(samples),
          signalsOf,
          () => true,
          (found) => {
            copy.copy(found);
          },
        );
        expect(copy.samples).toBe(samples.length);
        expect(read(copy.take())).toEqual(samples);
      }),
    );
  });

  it('is empty again once it was taken', () => {
    const row = new HotRow();
    row.add({ stream: 1, signalSet: 1, ts: 1, received: 1, revision: 0, values: ['text'], flags: 'N' });
    row.take();
    expect(row.take()).toEqual({ texts: null, body: new Uint8Array() });
  });
});
