import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boolean, float, integer, text, toLine, whyUnwritable, type Point } from './line-protocol.ts';

function point(fields: Partial<Point> = {}): Point {
  return { measurement: 'report', tags: { site: 'a' }, fields: [['so2', float(1)]], ms: 1_000, ns: 0, ...fields };
}

describe('a line', () => {
  it('has its tags sorted, its types marked and its time in nanoseconds', () => {
    const fields = [
      ['so2', float(12.3)],
      ['seen', integer(1_732_233_600_123)],
      ['valid', boolean(true)],
      ['so2__flag', text('M')],
    ] as const;
    const line = toLine(point({ tags: { site: 'demo', device: 'cems-1', outlet: '' }, fields, ms: 1_500, ns: 7 }));
    expect(line).toBe(
      'report,device=cems-1,site=demo so2=12.3,seen=1732233600123i,valid=true,so2__flag="M" 1500000007',
    );
  });

  it('keeps every digit of a time that is no safe integer any more, before 1970 too', () => {
    expect(toLine(point({ ms: 4_102_444_800_123, ns: 456_789 }))).toMatch(/ 4102444800123456789$/);
    expect(toLine(point({ ms: -1, ns: 1 }))).toMatch(/ -999999$/);
  });

  it('says numbers as the server reads them', () => {
    const said = [1e21, 5e-324, -273.15, 1 / 3].map((value) => toLine(point({ fields: [['a', float(value)]] })));
    expect(said.map((line) => line.split(/[= ]/)[3])).toEqual(['1e+21', '5e-324', '-273.15', '0.3333333333333333']);
  });

  it('is one line whatever a tag or a field is called, and nothing of a text gets out of its quotes', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ unit: 'binary' }), (tag, name, value) => {
        const made = point({ tags: { site: tag }, fields: [[name, text(value)]] });
        if (tag === '' || name === '' || whyUnwritable(made) !== undefined) return;
        const line = toLine(made);
        const outside = line.replaceAll(/"(?:[^"\\]|\\[\s\S])*"/g, '""');
        // Quotes of names are no quotes to the server; separators of theirs are behind a backslash.
        if (!`${tag}${name}`.includes('"')) expect(outside.split(/(?<!\\) /)).toHaveLength(3);
        expect(line.replaceAll(value, '')).not.toMatch(/\n/);
      }),
    );
  });
});

describe('what cannot be written', () => {
  it('is told before the server takes it for something else', () => {
    expect(whyUnwritable(point())).toBeUndefined();
    expect(whyUnwritable(point({ tags: { site: 'a\nreport b=1' } }))).toContain('"a\\nreport b=1"');
    expect(whyUnwritable(point({ tags: { site: 'a\\' } }))).toBeDefined();
    expect(whyUnwritable(point({ fields: [['b\\', float(1)]] }))).toBeDefined();
    expect(whyUnwritable(point({ fields: [['so2', float(Number.NaN)]] }))).toBe('so2 is no finite number');
    expect(whyUnwritable(point({ ms: Number.NaN }))).toBe('no instant: NaN');
  });
});
