import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES, WARNING_CODES } from './problem.ts';
import { readRegistry } from './read-registry.ts';
import { PROBLEM_CASES, SOUND, WARNING_CASES, type ProblemCase } from './registry-problems.cases.ts';

/** Codes that need more than one file, or none: asserted in read-registry.test.ts. */
const OF_SEVERAL_FILES = ['file-empty', 'timezone-differs'];

function plant({ change: [sound, faulty], line }: ProblemCase): { readonly text: string; readonly line: number } {
  expect(SOUND.split(sound), 'the text to change stands once').toHaveLength(2);
  const text = SOUND.replace(sound, () => faulty);
  return { text, line: text.slice(0, text.indexOf(line)).split('\n').length };
}

describe('one planted fault gives one problem', () => {
  it('has nothing to say about the sound registry', () => {
    expect(readRegistry([{ name: 'city.yaml', text: SOUND }])).toMatchObject({ problems: [], warnings: [] });
  });

  it.each(PROBLEM_CASES)('$code: $title', (planted) => {
    const { text, line } = plant(planted);
    const { registry, problems } = readRegistry([{ name: 'city.yaml', text }]);
    expect(problems).toEqual([
      {
        file: 'city.yaml',
        line,
        path: planted.path,
        code: planted.code,
        message: expect.stringMatching(planted.message),
        remedy: expect.stringMatching(planted.remedy),
      },
    ]);
    expect(registry).toBeUndefined();
  });

  it('covers every code of a problem', () => {
    const covered = new Set([...PROBLEM_CASES.map(({ code }) => code), ...OF_SEVERAL_FILES]);
    expect([...covered].toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  });
});

describe('one planted oddity gives one warning', () => {
  it.each(WARNING_CASES)('$code: $title', (planted) => {
    const { text, line } = plant(planted);
    const { registry, problems, warnings } = readRegistry([{ name: 'city.yaml', text }]);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      {
        file: 'city.yaml',
        line,
        path: planted.path,
        code: planted.code,
        message: expect.stringMatching(planted.message),
        remedy: expect.stringMatching(planted.remedy),
      },
    ]);
    expect(registry).toBeDefined();
  });

  it('covers every code of a warning', () => {
    const covered = new Set(WARNING_CASES.map(({ code }) => code));
    expect([...covered].toSorted()).toEqual([...WARNING_CODES].toSorted());
  });
});

describe('many faults at once', () => {
  it('tells the faults of different parts together, in the order of their lines', () => {
    const faults: readonly (readonly [string, string])[] = [
      ['name: 新密分局}', 'name: 新密分局, colour: red}'],
      ['district: xinmi', 'district: xinm'],
      ['{id: cam-1, kind: camera', '{id: cam-1, kind: camara'],
      ['{device: cems-2, from', '{device: cems-3, from'],
      ['average: P1D', 'average: PT7M'],
      ['{signal: so2, max: 100,', '{signal: so2, max: "100",'],
      ['outlets: [kiln-tail]', 'outlets: [kiln-tale]'],
      ['level: red', 'level: orange'],
      ['demo-cement/kiln-1', 'demo-cement/kiln-2'],
      ['{site: demo-cement', '{site: demo-cemnt'],
    ];
    const text = faults.reduce((faulty, [from, to]) => faulty.replace(from, to), SOUND);
    const { problems } = readRegistry([{ name: 'city.yaml', text }]);
    expect(problems.map(({ code }) => code)).toEqual([
      'key-unknown',
      'reference-unknown',
      'value-invalid',
      'reference-unknown',
      'value-invalid',
      'duration-invalid',
      'reference-unknown',
      'plan-duplicate',
      'reference-unknown',
      'reference-unknown',
    ]);
    expect(problems.map(({ line }) => line)).toEqual(problems.map(({ line }) => line).toSorted((a, b) => a - b));
  });

  it('goes on behind entries that are no YAML, and does not call unknown what may stand in them', () => {
    const text = [
      'version: 1',
      'districts:',
      '  - {id: xinmi, name: 新密分局}',
      'sites:',
      '  - id: first',
      '    name: [open',
      '    district: xinmi',
      '  - id: second',
      '    name: x: y: z',
      '  - id: third',
      '    name: third',
      '    district: xinmi',
      '    industri: cement',
      'orders:',
      '  - {id: o-1, kind: shutdown, from: 2026-01-01, scope: {sites: [first]}}',
    ].join('\n');
    const { problems } = readRegistry([{ name: 'city.yaml', text }]);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['file-syntax', 7],
      ['file-syntax', 9],
      ['key-unknown', 13],
    ]);
  });

  it('tells every key that stands twice, and reads on with the later one', () => {
    const text = SOUND.replace('basis: dry', 'basis: dry\n        basis: dry').replace(
      'district: xinmi',
      'district: xinmi\n    district: nowhere',
    );
    const { problems } = readRegistry([{ name: 'city.yaml', text }]);
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['key-duplicate', 'sites[0].district'],
      ['reference-unknown', 'sites[0].district'],
      ['key-duplicate', 'sites[0].outlets[0].basis'],
    ]);
  });
});
