import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunk, decodeColumn } from './sample-chunk-read.ts';
import { encodeChunk } from './sample-chunk-write.ts';
import { mergeRows, type SampleRow } from './sample-rows.ts';

const START = Date.UTC(2026, 10, 22);

const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -100_000, max: 100_000 }).map((whole) => whole / 100),
  fc.constantFrom(0, -0, 0.1 + 0.2, Number.MAX_VALUE, -Infinity, 1e15 + 0.3),
);
/** A signal is of numbers or of texts, as the registry declares it. */
const TEXT_SIGNAL = 6;

/** Signals of a row are each another one. */
const row: fc.Arbitrary<SampleRow> = fc
  .tuple(
    fc.integer({ min: 0, max: 3_599_999 }),
    fc.integer({ min: -86_400_000, max: 10 * 86_400_000 }),
    fc.integer({ min: 0, max: 2 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
  )
  .chain(([at, delay, revision, signals]) =>
    fc.record({
      ts: fc.constant(START + at),
      received: fc.constant(START + at + delay),
      revision: fc.constant(revision),
      signals: fc.constant(signals),
      values: fc.tuple(...signals.map((signal) => (signal === TEXT_SIGNAL ? fc.string() : number))),
      flags: fc
        .array(fc.constantFrom('N', 'M', 'C', 'T'), { minLength: signals.length, maxLength: signals.length })
        .map((letters) => letters.join('')),
    }),
  );

/** Every value with its identity; the order of signals within a row means nothing. */
function facts(rows: readonly SampleRow[]): unknown[] {
  return rows.flatMap(({ ts, received, revision, signals, values, flags }) =>
    signals
      .map((signal, i) => ({ signal, fact: [ts, revision, received, signal, values[i], flags[i]] }))
      .sort((a, b) => a.signal - b.signal)
      .map(({ fact }) => fact),
  );
}

describe('a chunk of samples', () => {
  it('gives back every value bit for bit', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const merged = mergeRows(rows);
        expect(facts(decodeChunk(encodeChunk(merged, START), START))).toEqual(facts(merged));
      }),
    );
  });

  it('gives one signal as it stands among all of them', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (rows, signal) => {
        const merged = mergeRows(rows);
        const column = decodeColumn(encodeChunk(merged, START), START, signal);
        const found = column?.values.map((of, i) => [
          column.ts[i],
          column.revisions[i],
          column.received[i],
          signal,
          of,
          column.flags[i],
        ]);
        expect(found ?? []).toEqual(facts(merged).filter((fact) => (fact as unknown[])[3] === signal));
      }),
    );
  });

  it('takes about two bytes a value where instruments send minutes of one or two decimals', () => {
    const minutes = Array.from({ length: 60 }, (_, i) => ({
      ts: START + i * 60_000,
      received: START + i * 60_000 + 400 + ((i * 37) % 90),
      revision: 0,
      signals: [1, 2, 3, 4, 5, 6],
      values: [12.3, 31.42, 3.1, 9.8, 152_000, 92.1].map(
        (level, k) => Math.round(100 * level * (1 + Math.sin(i + k) / 50)) / 100,
      ),
      flags: 'NNNNNN',
    }));
    expect(encodeChunk(minutes, START).length / 360).toBeLessThan(2.6);
  });
});

describe('merging rows', () => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const once = mergeRows(rows);
        expect(mergeRows([...once, ...once])).toEqual(once);
      }),
    );
  });

  it('keeps for each instant, revision and signal the value that came last', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const last = new Map<string, unknown>();
        for (const { ts, revision, signals, values } of rows) {
          signals.forEach((signal, i) => last.set(`${ts} ${revision} ${signal}`, values[i]));
        }
        const kept = mergeRows(rows).flatMap(({ ts, revision, signals, values }) =>
          signals.map((signal, i) => [`${ts} ${revision} ${signal}`, values[i]] as const),
        );
        expect(kept).toHaveLength(last.size);
        expect(new Map(kept)).toEqual(last);
      }),
    );
  });
});
