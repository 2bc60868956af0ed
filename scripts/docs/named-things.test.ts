/** Settings, commands and flags that the guides name exist: a reader finds each of them in the reference. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { ConfigSchema, environmentName, readConfig, type PartialConfig } from '../../cli/config.ts';
import { listFiles } from '../tree.ts';
import { commandFlags } from './commands-page.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What people read and copy from; what is made from the code cannot differ from it. */
const GUIDES = /^(README[^/]*|deploy[/][^/]*|docs[/](zh[/])?(tutorial|how-to|explanation)[/][^/]*|docs[/][^/]*)[.]md$/;
const SOURCES = /^(backends|contracts|ingest|detect|simulators|cli|api)[/].*(?<![.]test)[.]ts$/;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pages = listFiles(ROOT, (path) => GUIDES.test(path)).map((path) => ({ path, text: read(path) }));
const commands = commandFlags();
const settings = Object.keys(ConfigSchema.properties) as (keyof PartialConfig)[];

/** Words of each page that fit, with the page: `docs/how-to/x.md: word`. */
function named(pattern: RegExp, isKnown: (word: string) => boolean): { count: number; unknown: readonly string[] } {
  const found = pages.flatMap(({ path, text }) => [...text.matchAll(pattern)].map(([, word = '']) => ({ path, word })));
  const unknown = found.filter(({ word }) => !isKnown(word)).map(({ path, word }) => `${path}: ${word}`);
  return { count: found.length, unknown };
}

/** Where a page writes a command in a line of its own or in the running text. */
const COMMAND_LINE = /(?:`(?!npx )|npx |dist[/]cli[/]main[.]js )(?:stackwarden )?([a-z]+(?: [^`\n|]*)?)/g;

function commandOf(line: string): string | undefined {
  const [first = '', second = ''] = line.split(/\s+/);
  return [`${first} ${second}`, first].find((path) => commands.has(path));
}

it('the guides are read in both languages', () => {
  expect(pages.filter(({ path }) => path.startsWith('docs/zh/')).length).toBeGreaterThan(10);
  expect(pages.length).toBeGreaterThan(30);
});

it('environment variables', () => {
  const known = new Set(settings.flatMap((key) => [environmentName(key), `${environmentName(key)}_FILE`]));
  const isKnown = (word: string): boolean => known.has(word) || /^STACKWARDEN_(TEST|BENCH|NATIVE)_/.test(word);
  expect(named(/\b(STACKWARDEN_[A-Z_]+[A-Z])/g, isKnown).unknown).toEqual([]);
});

it('settings and fields in camel case', () => {
  const source = listFiles(ROOT, (path) => SOURCES.test(path))
    .map(read)
    .join('\n');
  const words = new Set(source.match(/[a-z]+(?:[A-Z][a-z]*)+/g));
  const { count, unknown } = named(/`([a-z]+(?:[A-Z][a-z]*)+)`/g, (word) => words.has(word));
  expect(count).toBeGreaterThan(20);
  expect(unknown).toEqual([]);
});

it('settings that a page calls so', () => {
  const isKnown = (word: string): boolean => (settings as string[]).includes(word);
  const called = [/(?:settings?|设置|配置项) ?`([A-Za-z]+)`/g, /`([A-Za-z]+)` ?(?:settings?\b|设置)/g];
  expect(called.flatMap((pattern) => named(pattern, isKnown).unknown)).toEqual([]);
});

it('commands, and the flags that stand behind them', () => {
  const lines = pages.flatMap(({ path, text }) =>
    [...text.replaceAll('\\\n', ' ').matchAll(COMMAND_LINE)].map(([whole, line = '']) => ({ path, whole, line })),
  );
  const ours = lines.filter(
    ({ whole, line }) => /stackwarden |main[.]js /.test(whole) || commandOf(line) !== undefined,
  );
  expect(ours.length).toBeGreaterThan(60);
  const faults = ours.flatMap(({ path, line }) => {
    const command = commandOf(line);
    if (command === undefined) return [`${path}: no command ${line}`];
    const flags = line.match(/(?<=\s)--[a-z-]+/g) ?? [];
    return flags
      .filter((flag) => commands.get(command)?.has(flag) !== true)
      .map((flag) => `${path}: ${line}: no ${flag}`);
  });
  expect(faults).toEqual([]);
});

it('configuration files that are shown can be read', () => {
  const shown = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => ({ path, yaml })),
  );
  const configurations = shown.filter(({ yaml }) => /^(http|mqtt|tlsKey): /m.test(yaml));
  expect(configurations.map(({ path }) => path)).toHaveLength(2);
  for (const { yaml } of configurations) {
    const given = load(yaml) as PartialConfig;
    expect(Object.keys(given).filter((key) => !(settings as string[]).includes(key))).toEqual([]);
    expect(readConfig(given, {})).toMatchObject(given);
  }
});
