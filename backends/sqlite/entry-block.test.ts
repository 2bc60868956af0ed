import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../contracts/errors.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { EntryBlock, NameCache, packEntries } from './entry-block.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));
const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const received = fc.integer({ min: 0, max: 4e12 });
const entry: fc.Arbitrary<LogEntry> = fc.oneof(
  fc.record({ kind: fc.constant('report' as const), received, site: id, device: id, body: text }),
  fc.record({ kind: fc.constant('tick' as const), received }),
  fc.record({ kind: fc.constant('order' as const), received, body: text, by: text }),
  fc.record({ kind: fc.constant('redrive' as const), received, deadLetter: text, by: text }),
);

function unpacked(entries: readonly LogEntry[]): unknown[] {
  const cache = new NameCache();
  return packEntries(entries).flatMap(({ bytes, entries: count }) => {
    const block = new EntryBlock(bytes, 0, cache);
    expect(block.entries).toBe(count);
    return Array.from({ length: count }, (_, i) => {
      const { offset, ...rest } = block.record(i);
      expect(offset).toBe(i);
      return rest;
    });
  });
}

describe('a block of log entries', () => {
  it('gives back every entry, in order, with `received` that never falls', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 50 }), (entries) => {
        let last = 0;
        const expected = entries.map((one) => {
          last = Math.max(last, one.received);
          return { ...one, received: last };
        });
        expect(unpacked(entries)).toEqual(expected);
      }),
    );
  });

  it('lifts `received` to the floor that it is given, and nothing above it', () => {
    fc.assert(
      fc.property(fc.array(received, { minLength: 1, maxLength: 50 }), received, (times, floor) => {
        const sorted = times.toSorted((a, b) => a - b).map((at) => Math.min(at, times[0]! + 1e9));
        const blocks = packEntries(sorted.map((at) => ({ kind: 'tick', received: at })));
        let low = floor;
        const lifted = blocks.flatMap(({ bytes }) => {
          const block = new EntryBlock(bytes, 0, new NameCache());
          low = block.raiseReceived(low);
          return Array.from({ length: block.entries }, (_, i) => block.received(i));
        });
        let last = floor;
        expect(lifted).toEqual(sorted.map((at) => (last = Math.max(last, at))));
      }),
    );
  });

  it('never mixes what lasts with what retention may remove', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 50 }), (entries) => {
        for (const { bytes, lasting } of packEntries(entries)) {
          const block = new EntryBlock(bytes, 0, new NameCache());
          for (let i = 0; i < block.entries; i += 1) expect(block.record(i).kind === 'order').toBe(lasting);
        }
      }),
    );
  });

  it('refuses a name that no id can be', () => {
    const report = { kind: 'report', received: 0, site: 'x'.repeat(256), device: 'd', body: '' } as const;
    expect(() => packEntries([report])).toThrow(InvariantError);
  });
});
