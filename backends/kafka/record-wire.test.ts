import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { decodeRecord, encodeRecord } from './record-wire.ts';

const received = fc.integer({ min: 0, max: 4e12 });
const text = fc.string({ unit: 'binary' });
const entries: fc.Arbitrary<LogEntry> = fc.oneof(
  fc.record({ kind: fc.constant('report'), received, site: text, device: text, body: text } as const),
  fc.record({
    kind: fc.constant('dead'),
    received,
    reason: fc.constant('report-invalid'),
    detail: text,
    topic: text,
    payload: text,
    encoding: fc.constantFrom('utf8', 'base64'),
  } as const),
  fc.record({ kind: fc.constant('tick'), received } as const),
  fc.record({ kind: fc.constant('tick'), received, restarted: fc.constant(true) } as const),
  fc.record({ kind: fc.constant('order'), received, body: text, by: text } as const),
  fc.record({ kind: fc.constant('mark'), received, body: text, by: text } as const),
  fc.record({ kind: fc.constant('redrive'), received, deadLetter: text, by: text } as const),
);

describe('a record as a message', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (entry, offset) => {
        const key = entry.kind === 'report' ? entry.site : '';
        expect(decodeRecord(encodeRecord(entry), key, offset)).toEqual({ ...entry, offset });
      }),
    );
  });

  it('is written as version 1 was, byte for byte', () => {
    const report = {
      kind: 'report',
      received: 1_764_000_000_000,
      site: 's',
      device: 'cems-1',
      body: '{"ts":1}',
    } as const;
    expect(encodeRecord(report).toString()).toBe(
      '{"v":1,"kind":"report","received":1764000000000,"device":"cems-1"}\n{"ts":1}',
    );
    expect(encodeRecord({ kind: 'tick', received: 5 }).toString()).toBe('{"v":1,"kind":"tick","received":5}');
    expect(encodeRecord({ kind: 'mark', received: 5, body: '{}', by: 'desk' }).toString()).toBe(
      '{"v":1,"kind":"mark","received":5,"by":"desk"}\n{}',
    );
  });

  it('names a registry, whose files are brought by whoever reads it', () => {
    const value = encodeRecord({ kind: 'registry', received: 5, files: [{ name: 'a', text: 'b' }], digest: 'd1' });
    expect(value.toString()).toBe('{"v":1,"kind":"registry","received":5,"digest":"d1"}');
    expect(() => encodeRecord({ kind: 'registry', received: 5, files: [] })).toThrow('without a digest');
  });

  it('of a later version is refused with what to do', () => {
    expect(() => decodeRecord(Buffer.from('{"v":2,"kind":"tick"}'), '', 7)).toThrow(UnavailableError);
    expect(() => decodeRecord(Buffer.from('{"v":2,"kind":"tick"}'), '', 7)).toThrow(
      'offset 7 of the log was written by a later version (format 2, known up to 1): update this process',
    );
    for (const stray of ['nothing of ours', '{}', '5', 'null', '{"a":1}', '{"v":"1","kind":"tick","received":1}'])
      expect(() => decodeRecord(Buffer.from(stray), '', 8)).toThrow('offset 8 of the log is no record');
  });
});
