import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseFile } from './parse-file.ts';
import { parseJson } from './parse-json.ts';

const faultsOf = (text: string): unknown => parseFile(text).faults.map(({ line, code }) => [line, code]);

/** What YAML is made of, in any order. */
const piece = fc.constantFrom(
  ...[
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&x ',
    '*x',
    '|+',
    '#',
    '\t',
    '!',
    '? ',
    '%',
    ',',
    '\\',
    '---\n',
  ],
);
const anyText = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

describe('parseFile', () => {
  it('reads scalars as the core schema of YAML 1.2 does', () => {
    const text = 'a: on\nb: yes\nc: 2024-01-01\nd: 012\ne: 0o14\nf: 1_000\ng: ~\nh: 1e3\ni: "1"\nj: 12:30\n';
    expect(parseFile(text).value).toEqual({
      a: 'on',
      b: 'yes',
      c: '2024-01-01',
      d: 12,
      e: 12,
      f: '1_000',
      g: null,
      h: 1000,
      i: '1',
      j: '12:30',
    });
  });

  it('takes broken entries out one after another and keeps the others on their lines', () => {
    const text = 'a:\n  - {x: 1\n  - {x: 2}\n  - x: y: z\n  - {x: 4}\nb: 1\n';
    const { value, text: read, incomplete } = parseFile(text);
    expect(faultsOf(text)).toEqual([
      [3, 'file-syntax'],
      [4, 'file-syntax'],
    ]);
    expect(value).toEqual({ a: [{ x: 2 }, { x: 4 }], b: 1 });
    expect(read.split('\n')).toHaveLength(text.split('\n').length);
    expect(incomplete).toBe(true);
  });

  it('gives up where the fault lies outside of any list', () => {
    expect(parseFile('a: [\nb: 1\n')).toMatchObject({ value: undefined, incomplete: true });
    expect(parseFile('a: "open\nb: 1\n')).toMatchObject({ value: undefined, faults: [{ code: 'file-syntax' }] });
  });

  it('tells every key that stands twice, at any depth, and takes the later one', () => {
    expect(faultsOf('a: 1\nb: {c: 1, c: 2}\na: 2\n')).toEqual([
      [2, 'key-duplicate'],
      [3, 'key-duplicate'],
    ]);
    expect(parseFile('a: 1\na: 2\n').value).toEqual({ a: 2 });
  });

  it('refuses keys that are no text', () => {
    expect(faultsOf('? [a]\n: 1\n')).toEqual([[1, 'file-syntax']]);
  });

  it('never throws, whatever the text is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { value, faults } = parseFile(text);
        if (value === undefined) expect(faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseJson', () => {
  it('gives what the YAML parser gives', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(load(text));
      }),
    );
  });

  it('leaves keys that stand twice, flow-style YAML and block-style YAML to it', () => {
    expect(parseJson('{"a": 1, "a": 2}')).toBeUndefined();
    expect(parseJson('{a: 1}')).toBeUndefined();
    expect(parseJson('a: 1')).toBeUndefined();
    expect(parseJson('{"a:\\":": ":"}')).toEqual({ 'a:":': ':' });
  });
});
