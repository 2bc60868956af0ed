import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../../contracts/signals.ts';
import { COMMANDS_ZH } from './chinese/commands.ts';
import { CONFIGURATION_ZH } from './chinese/configuration.ts';
import { METRICS_ZH } from './chinese/metrics.ts';
import { commandTexts } from './commands-page.ts';
import { settingTexts } from './configuration-page.ts';
import { fieldWords } from './field-words.ts';
import { sayIn, type Catalogue } from './language.ts';
import { MESSAGE_FIELDS } from './message-field-words.ts';
import { metricTexts, stageMetricTexts } from './metrics-page.ts';
import { REGISTRY_FIELDS } from './registry-field-words.ts';
import { formOf } from './schema-form.ts';
import { partsOf } from './schema-fields.ts';
import { TABLED, tabledParts } from './schemas-page.ts';
import { SIGNAL_GROUPS } from './signal-words.ts';

describe('the Chinese of what stands in the code in English', () => {
  const expectComplete = (catalogue: Catalogue, english: readonly string[]): void => {
    expect(english.length).toBeGreaterThan(10);
    expect(english.filter((text) => !Object.hasOwn(catalogue, text))).toEqual([]);
    expect(Object.keys(catalogue).filter((text) => !english.includes(text))).toEqual([]);
  };

  it('scripts/docs/chinese/commands.ts has each text of the commands, and no other', () => {
    expectComplete(COMMANDS_ZH, commandTexts());
  });

  it('scripts/docs/chinese/configuration.ts has each setting, and no other', () => {
    expectComplete(CONFIGURATION_ZH, settingTexts());
  });

  it('scripts/docs/chinese/metrics.ts has each metric, and no other', async () => {
    const texts = [...(await metricTexts()), ...[...(await stageMetricTexts()).values()].flat()];
    expectComplete(
      METRICS_ZH,
      texts.map(({ help }) => help),
    );
  });
});

it('each signal stands in one group', () => {
  const grouped = SIGNAL_GROUPS.flatMap(({ signals }) => Object.keys(signals));
  expect([...grouped].sort()).toEqual(SIGNALS.map(({ id }) => id).sort());
});

describe.each(Object.keys(TABLED))('the fields of %s', (name) => {
  const fields = tabledParts(name).flatMap((part) => part.fields);

  it('have words in both languages', () => {
    const wordless = fields.filter((field) => fieldWords(name, field).includes('')).map(({ path }) => path);
    expect(wordless).toEqual([]);
  });

  it('are all there that words are kept for', () => {
    const words = name === 'registry' ? REGISTRY_FIELDS : (MESSAGE_FIELDS[name] ?? {});
    const paths = new Set(fields.map(({ path }) => path.replace(/(?<=excuse[.])start-up/, '{state}')));
    expect(Object.keys(words).filter((path) => !paths.has(path))).toEqual([]);
  });
});

describe('a schema as tables', () => {
  const schema = {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'string' },
      scope: { type: 'object', properties: { sites: { type: 'array', items: { type: 'string' } } } },
      values: {
        patternProperties: {
          '^a': { anyOf: [{ type: 'number' }, { type: 'object', properties: { avg: { type: 'number' } } }] },
        },
      },
      grade: {
        anyOf: [
          { enum: ['A', 'B'] },
          { type: 'array', items: { properties: { value: { enum: ['A', 'B'] }, from: { type: 'string' } } } },
        ],
      },
      parts: {
        anyOf: [{ type: 'array', items: { properties: { kind: { type: 'integer', minimum: 1 } } } }, { type: 'null' }],
      },
    },
  } as const;

  it('has objects in their place and lists of objects in tables of their own', () => {
    const parts = partsOf(schema).map(({ path, fields }) => [path, fields.map((field) => field.path)]);
    expect(parts).toEqual([
      ['', ['id', 'scope', 'scope.sites', 'values', 'values.{name}.avg', 'grade', 'parts']],
      ['parts[]', ['parts[].kind']],
    ]);
  });

  it('says what must be there, and in which form', () => {
    const rows = partsOf(schema).flatMap(({ fields }) =>
      fields.map(
        ({ name, schema: form, isRequired }) => `${name}${isRequired ? '!' : ''}: ${formOf(form, sayIn('en'))}`,
      ),
    );
    expect(rows).toEqual([
      'id!: text',
      'scope: object',
      'scope.sites: list of text',
      'values: name → number or object',
      'values.{name}.avg: number',
      'grade: `A` `B`; may be dated',
      'parts: list or null',
      'kind: whole number ≥ 1',
    ]);
  });
});
