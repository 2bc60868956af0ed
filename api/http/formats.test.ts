import { describe, expect, it } from 'vitest';
import { CSV_TYPE, negotiate, ROW_TYPES } from './accept.ts';
import { createCsvLine, csvCell } from './csv.ts';
import { pickLanguage } from './language.ts';
import { linkTo, nextLink } from './link.ts';
import { Problem } from './problem.ts';
import { rowPieces, type Rows } from './rows.ts';

describe('the format of an answer', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'text/csv'],
    ['text/csv', 'text/csv'],
    ['application/x-ndjson, application/json;q=0.9', 'application/x-ndjson'],
    ['text/csv;q=0.5, application/json;q=0.4, */*;q=0.1', 'text/csv'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
  ])('of Accept %s is %s', (header, type) => {
    expect(negotiate(header, ROW_TYPES)).toBe(type);
  });

  it.each(['text/html', 'application/json;q=0', 'image/*', 'application/json;q=nonsense'])(
    'is refused for %s',
    (header) => {
      expect(() => negotiate(header, ROW_TYPES.slice(0, 1))).toThrow(Problem);
    },
  );
});

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['fr', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
    ['zh;q=0.2, en;q=0.3', 'en'],
    ['zh;q=0', 'en'],
  ])('of Accept-Language %s is %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });
});

describe('a cell of CSV', () => {
  it.each([
    [-5.2, '-5.2'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+86', "'+86"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['\tx', "'\tx"],
    [['a', 'b'], '"[""a"",""b""]"'],
  ])('%j is %s', (value, text) => {
    expect(csvCell(value)).toBe(text);
  });

  it('is found by a dotted path, and empty where the path leads nowhere', () => {
    expect(createCsvLine(['a.b', 'a.c.d', 'e'])({ a: { b: 1 }, e: 'x' })).toBe('1,,x\r\n');
  });
});

describe('rows', () => {
  const rows = { about: { unit: 'mg/m³' }, items: [{ a: 1 }, { a: 2 }], next: 'n', columns: ['a'] };
  const text = (type: string, parts: Rows = rows): string => [...rowPieces(parts, type)].join('');

  it('are one JSON document with what they are about', () => {
    expect(JSON.parse(text('application/json'))).toEqual({ unit: 'mg/m³', items: [{ a: 1 }, { a: 2 }], next: 'n' });
    expect(JSON.parse(text('application/json', { ...rows, about: {}, items: [] }))).toEqual({ items: [], next: 'n' });
  });
  it('are one item a line in NDJSON', () => {
    expect(text('application/x-ndjson')).toBe('{"a":1}\n{"a":2}\n');
  });
  it('have a header line in CSV, even without items', () => {
    expect(text(CSV_TYPE)).toBe('a\r\n1\r\n2\r\n');
    expect(text(CSV_TYPE, { ...rows, items: [] })).toBe('a\r\n');
  });
  it('come whole, however many they are', () => {
    const items = Array.from({ length: 1_501 }, (_, a) => ({ a }));
    expect(JSON.parse(text('application/json', { ...rows, items }))).toMatchObject({ items });
    expect(text(CSV_TYPE, { ...rows, items }).split('\r\n')).toHaveLength(1_503);
  });
});

describe('links', () => {
  it('encode the + of an offset', () => {
    expect(linkTo('/x', { from: '2026-11-22T08:00:00+08:00', to: undefined })).toBe(
      '/x?from=2026-11-22T08%3A00%3A00%2B08%3A00',
    );
  });
  it('to the next page keep the query and replace the cursor', () => {
    expect(nextLink('/x?a=1&cursor=old&b=2', 'n w')).toBe('</x?a=1&b=2&cursor=n%20w>; rel="next"');
    expect(nextLink('/x', 'n')).toBe('</x?cursor=n>; rel="next"');
  });
});
