import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, parseInstant } from '../time/instant.ts';
import { formatProblem } from './problem.ts';
import { readRegistry, type ReadRegistry } from './read-registry.ts';
import { SOUND } from './registry-problems.cases.ts';
import { RegistryFileSchema } from './registry-file.ts';
import type { Registry } from './registry.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.yaml`, import.meta.url), 'utf8');
const read = (...texts: string[]): ReadRegistry =>
  readRegistry(texts.map((text, index) => ({ name: `${index}.yaml`, text })));

function sound(...texts: string[]): Registry {
  const { registry, problems } = read(...texts);
  expect(problems).toEqual([]);
  if (registry === undefined) throw new Error('no registry');
  return registry;
}

/** Without its functions, which are never equal. */
const comparable = ({ time, ...rest }: Registry): unknown => ({ ...rest, timezone: time.timezone });

const head = 'version: 1\ndistricts: [{id: d, name: 局}]\n';
const site = (id: string, more = ''): string =>
  `sites:\n  - {id: ${id}, name: 厂, district: d, industry: cement${more}}\n`;

describe('the example of the contract', () => {
  const registry = sound(fixture('example'));
  const firm = registry.sites.get('demo-cement');

  it('has every instant in epoch milliseconds', () => {
    const midnight = parseInstant('2024-01-01T00:00:00+08:00');
    expect(firm?.outlets[0]?.limits[0]).toEqual({
      signal: 'nox',
      max: 100,
      min: undefined,
      average: { text: 'PT1H', ms: HOUR_MS, months: 0 },
      fromAt: midnight,
      toAt: Infinity,
      source: 'DB41/1953-2020',
      allow: undefined,
      role: 'legal',
    });
    expect(firm?.outlets[0]?.limits[2]).toMatchObject({
      min: 850,
      average: { ms: 5 * MINUTE_MS },
      allow: { count: 5, per: { text: 'P1D' } },
    });
    expect(firm?.outlets[0]?.caps[0]).toMatchObject({ tonnes: 120, per: { text: 'P1Y', ms: 0, months: 12 } });
  });

  it('has what is not written filled in', () => {
    const budget = { eachMs: 4 * HOUR_MS, yearMs: 60 * HOUR_MS };
    expect(firm?.outlets[0]).toMatchObject({
      kind: 'stack',
      basis: 'dry',
      devices: [{ value: 'cems-1', fromAt: -Infinity, toAt: Infinity, role: 'primary' }],
      excuse: { 'start-up': budget, 'shut-down': budget, fault: budget, stopped: budget },
    });
    expect(firm?.grade).toEqual([{ value: 'B', fromAt: -Infinity, toAt: Infinity }]);
    expect(firm?.lines[0]?.treatment).toEqual([{ device: 'm-bag', rated: 160, on: 30, stage: 'dust', need: 1 }]);
    expect(firm?.lines[0]?.plan[1]).toEqual({
      level: 'red',
      measure: 'stop',
      percent: undefined,
      graceMs: 24 * HOUR_MS,
    });
  });

  it('has its order and its mark', () => {
    expect(registry.orders).toEqual([
      {
        id: '2026-R-017',
        kind: 'limit',
        level: 'orange',
        fromAt: parseInstant('2026-11-22T00:00:00+08:00'),
        toAt: parseInstant('2026-11-25T00:00:00+08:00'),
        daily: undefined,
        servedAt: parseInstant('2026-11-21T20:00:00+08:00'),
        graceMs: 2 * HOUR_MS,
        scope: { sites: [], lines: ['demo-cement/kiln-1'], industries: [], grades: [], districts: [] },
        exempt: { sites: [], lines: [], industries: [], grades: ['A'], districts: [], guaranteed: true },
        reducePercent: 50,
        document: '郑环文〔2026〕17号',
      },
    ]);
    expect(registry.marks[0]).toMatchObject({
      site: 'demo-cement',
      outlet: 'kiln-tail',
      state: 'start-up',
      accepted: true,
      by: 'registry',
      declaredAt: parseInstant('2026-03-01T06:00:00+08:00'),
    });
  });

  it('leads to a warning about the meter that is not listed, and the parent is not there', () => {
    expect(read(fixture('example')).warnings.map(({ code }) => code)).toEqual(['parent-unknown']);
    expect(firm?.devices.get('m-kiln')?.parent).toBeUndefined();
  });
});

describe('the practice registries', () => {
  it.each(['turbine', 'steel'])('%s reads without a word', (name) => {
    expect(read(fixture(name))).toMatchObject({ problems: [], warnings: [] });
  });

  it('read as one city where the districts do not clash', () => {
    const steel = fixture('steel').replaceAll('practice', 'second');
    const registry = sound(fixture('turbine'), steel);
    expect([...registry.sites.keys()]).toEqual(['gt-1', 'steel-1']);
    expect(registry.orders.map(({ id }) => id)).toEqual(['2018-R-001', '2018-R-002']);
  });
});

describe('values that change with time', () => {
  const grades = (written: string): unknown =>
    sound(`${head}${site('a', `, grade: ${written}`)}`).sites.get('a')?.grade;

  it('hold until the next one begins', () => {
    const next = parseInstant('2025-01-01T00:00:00+08:00');
    expect(grades('[{value: B}, {value: A, from: 2025-01-01}]')).toEqual([
      { value: 'B', fromAt: -Infinity, toAt: next },
      { value: 'A', fromAt: next, toAt: Infinity },
    ]);
  });

  it('are none, where nothing is said of a grade, and unset, where nothing is said of a status', () => {
    const firm = sound(`${head}${site('a')}`).sites.get('a');
    expect(firm?.grade).toEqual([{ value: 'none', fromAt: -Infinity, toAt: Infinity }]);
    expect(firm?.guaranteed).toEqual([]);
  });

  it('may have gaps where a gap says "not so"', () => {
    const spans = '[{value: true, from: 2024-11-15, to: 2025-03-15}, {value: true, from: 2025-11-15}]';
    expect(read(`${head}${site('a', `, guaranteed: ${spans}`)}`)).toMatchObject({ problems: [], warnings: [] });
  });
});

describe('several files', () => {
  it('are one registry; a zone and a version that stand in one of them hold for all', () => {
    const registry = sound(`timezone: Europe/Berlin\n${head}`, site('a'), site('b'));
    expect([...registry.sites.keys()]).toEqual(['a', 'b']);
    expect(registry.time.timezone).toBe('Europe/Berlin');
  });

  it('must agree on the time zone', () => {
    const { problems } = read(`timezone: Asia/Shanghai\n${head}`, 'timezone: Asia/Urumqi\n');
    expect(problems.map((problem) => formatProblem(problem))).toEqual([
      expect.stringMatching(
        /^1\.yaml:1: timezone: time zone Asia\/Urumqi differs from Asia\/Shanghai .*\(the other one: 0\.yaml:1\)/,
      ),
    ]);
  });

  it('must not name a site twice', () => {
    const { problems } = read(head, site('a'), site('a'));
    expect(problems).toMatchObject([
      { file: '2.yaml', line: 2, code: 'id-duplicate', message: 'site `a` stands twice (the other one: 1.yaml:2)' },
    ]);
  });

  it('that are empty are problems: half-written ones look so', () => {
    expect(read(head, '', '# nothing\n').problems.map(({ file, code }) => [file, code])).toEqual([
      ['1.yaml', 'file-empty'],
      ['2.yaml', 'file-empty'],
    ]);
    expect(readRegistry([]).problems).toMatchObject([{ code: 'file-empty' }]);
  });

  it('are all told, also where one of them is no YAML', () => {
    const { problems } = read(head, 'sites: [', 'sites: {}\n');
    expect(problems.map(({ file, code }) => [file, code])).toEqual([
      ['1.yaml', 'file-syntax'],
      ['2.yaml', 'value-invalid'],
    ]);
  });
});

describe('forms of YAML', () => {
  it('reads `on` with and without quotes, and JSON, alike', () => {
    const lines = (key: string): string =>
      `, devices: [{id: m, kind: meter, every: PT1M}], lines: [{id: l, production: [{device: m, ${key}: 5}]}]`;
    const plain = sound(`${head}${site('a', lines('on'))}`);
    const quoted = sound(`${head}${site('a', lines('"on"'))}`);
    const json = sound(JSON.stringify(load(`${head}${site('a', lines('on'))}`), undefined, 2));
    expect(plain.sites.get('a')?.lines[0]?.production).toEqual([{ device: 'm', rated: undefined, on: 5 }]);
    expect(quoted.sites).toEqual(plain.sites);
    expect(json.sites).toEqual(plain.sites);
  });

  it('knows lines of JSON, and keys that stand twice in it', () => {
    const { problems } = read('{\n"version": 1,\n"districts": [\n{"id": "d", "name": "a", "name": "b", "colour": 1}]}');
    expect(problems.map(({ line, code, path }) => [line, code, path])).toEqual([
      [4, 'key-duplicate', 'districts[0].name'],
      [4, 'key-unknown', 'districts[0].colour'],
    ]);
  });

  it('takes anchors, lists with nothing after the key, a byte order mark and carriage returns', () => {
    const text = `\uFEFF${head}sites:
  - {id: a, name: 厂, district: d, industry: cement, contacts: &duty [{name: 值班室}]}
  - {id: b, name: 厂, district: d, industry: cement, contacts: *duty}
orders:
marks:
`;
    const registry = sound(text.replaceAll('\n', '\r\n'));
    expect(registry.sites.get('b')?.contacts).toEqual([{ name: '值班室' }]);
  });

  it('refuses aliases that stand for billions without writing them out', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `  - &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`,
    );
    const { problems } = read(`version: 1\nsites:\n  - &l0 [x]\n${levels.join('\n')}\n`);
    expect(problems).toMatchObject([{ code: 'file-too-large', message: expect.stringContaining('20000000') }]);
  });
});

describe('the version of a registry', () => {
  it('changes with any text, and with neither the names nor the order of the files', () => {
    const first = sound(head, site('a')).version;
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(sound(site('a'), head).version).toBe(first);
    expect(sound(head, `${site('a')}#\n`).version).not.toBe(first);
  });
});

const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/);
const limit = fc.record({
  signal: fc.constantFrom('so2', 'nox', 'pm', 'temp'),
  max: fc.double({ min: 1, max: 1e6, noNaN: true }),
  average: fc.constantFrom('PT1M', 'PT1H', 'P1D', 'P7D', 'P1M', 'P1Y'),
  from: fc.constantFrom('2024-01-01', '2024-06-01T12:00:00+08:00'),
});
const outlet = fc.record(
  {
    id,
    device: fc.constant('cems'),
    basis: fc.constantFrom('dry', 'wet'),
    o2Reference: fc.double({ min: 0.1, max: 20.9, noNaN: true }),
    limits: fc.uniqueArray(limit, { selector: ({ signal, average }) => `${signal} ${average}`, maxLength: 4 }),
  },
  { requiredKeys: ['id', 'device'] },
);
const firm = fc.record(
  {
    id,
    name: fc.stringMatching(/^\S.{0,8}$/),
    district: fc.constant('d'),
    industry: fc.constantFrom('cement', 'steel'),
    grade: fc.constantFrom('A', 'B', 'none'),
    positiveList: fc.boolean(),
    devices: fc.constant([
      { id: 'cems', kind: 'cems', every: 'PT1M' },
      { id: 'm', kind: 'meter', every: 'PT15M' },
    ]),
    outlets: fc.uniqueArray(outlet, { selector: (entry) => entry.id, maxLength: 3 }),
    lines: fc.uniqueArray(fc.record({ id, production: fc.constant([{ device: 'm', on: 5 }]) }), {
      selector: (entry) => entry.id,
      maxLength: 2,
    }),
  },
  { requiredKeys: ['id', 'name', 'district', 'industry', 'devices'] },
);
const firms = fc.uniqueArray(firm, { selector: (entry) => entry.id, minLength: 1, maxLength: 5 });

describe('any sound registry', () => {
  const districts = [{ id: 'd', name: '局' }];

  it('is read, and keeps every site, outlet and limit', () => {
    fc.assert(
      fc.property(firms, (sites) => {
        const registry = sound(JSON.stringify({ version: 1, districts, sites }));
        expect([...registry.sites.keys()]).toEqual(sites.map((entry) => entry.id));
        for (const entry of sites) {
          const limits = registry.sites.get(entry.id)?.outlets.flatMap((part) => part.limits) ?? [];
          expect(limits).toHaveLength((entry.outlets ?? []).flatMap((part) => part.limits ?? []).length);
        }
      }),
    );
  });

  it('is the same whatever the order of its files', () => {
    fc.assert(
      fc.property(firms, fc.infiniteStream(fc.nat()), (sites, keys) => {
        const files = [{ version: 1, districts }, ...sites.map((entry) => ({ sites: [entry] }))].map((part, index) => ({
          name: `${index}.json`,
          text: JSON.stringify(part),
        }));
        const shuffled = files
          .map((file) => ({ file, key: keys.next().value ?? 0 }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ file }) => file);
        const [first, second] = [readRegistry(files).registry, readRegistry(shuffled).registry];
        expect(first === undefined ? undefined : comparable(first)).toBeDefined();
        expect(second && comparable(second)).toEqual(first && comparable(first));
      }),
    );
  });

  it('is none any more once one of its keys is misspelt, and the right spelling is named', () => {
    const value = load(SOUND);
    // Parameters of rules have names that only the rules know.
    const keys = [...new Set(SOUND.match(/[a-z][a-zA-Z0-9]{4,}(?=:)/g))].filter((key) => key !== 'share');
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(), (key, seed) => {
        const spot = 1 + (seed % (key.length - 2));
        const misspelt = key.slice(0, spot) + key.slice(spot + 1);
        const text = JSON.stringify(value).replace(`"${key}":`, `"${misspelt}":`);
        const { problems } = read(text);
        expect(problems.some(({ remedy }) => remedy.includes(`\`${key}\``))).toBe(true);
      }),
    );
  });
});

describe('what fits the published schema', () => {
  const validator = Compile(RegistryFileSchema);
  const shape = new Set(['key-unknown', 'value-invalid']);

  it('is exactly what leads to no problem of form', () => {
    const value: unknown = load(SOUND);
    const paths: (readonly (string | number)[])[] = [];
    const collect = (part: unknown, path: readonly (string | number)[]): void => {
      paths.push(path);
      if (typeof part !== 'object' || part === null) return;
      for (const [key, inner] of Object.entries(part))
        collect(inner, [...path, Array.isArray(part) ? Number(key) : key]);
    };
    collect(value, []);
    const odd = fc.constantFrom<unknown>(null, true, -1, 0, 1e9, '', 'x', 'Ä b', [], {}, [null], [1, 2], { id: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...paths.slice(1)), odd, (path, replacement) => {
        const copy = JSON.parse(JSON.stringify(value)) as Record<string | number, unknown>;
        let holder = copy;
        for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
        holder[path.at(-1) ?? ''] = replacement;
        const { problems } = read(JSON.stringify(copy));
        const ofForm = problems.some(({ code, message }) => shape.has(code) || /is missing/.test(message));
        expect(ofForm).toBe(!validator.Check(copy));
      }),
      { numRuns: 150 },
    );
  });
});
