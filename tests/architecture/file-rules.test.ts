import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listFiles } from '../../scripts/tree.ts';
import { fileProblems, isCode } from './file-rules.ts';
import { PROJECT } from './planted-tree.ts';

const THIS_FILE = 'tests/architecture/file-rules.test.ts';
const isOurs = (path: string): boolean =>
  isCode(path) && !path.startsWith('tests/architecture/planted/') && path !== THIS_FILE;

it.each([
  ['detect/rules/limit-hour.ts', []],
  ['detect/rules/limit-hour.test.ts', []],
  ['detect/rules/limit.hour.ts', []],
  ['detect/rules/order.early-restart.test.ts', []],
  ['tests/ports/log.suite.ts', []],
  ['contracts/fnv1a64.ts', []],
  ['vitest.config.ts', []],
  ['api/limitHour.ts', ['not kebab-case']],
  ['api/LimitHour.ts', ['not kebab-case']],
  ['api/limit_hour.ts', ['not kebab-case']],
  ['api/limit.hour.ts', ['not kebab-case']],
  ['api/utils.ts', ['`utils` says nothing']],
  ['api/utils.test.ts', ['`utils` says nothing']],
  ['api/finding-service.ts', ['`service` says nothing']],
  ['api/helpers/page.ts', ['`helpers` says nothing']],
  ['api/data-folder.ts', []],
])('the name of %s has the problems %j', (path, problems) => {
  const found = fileProblems(path, '');
  expect(found).toHaveLength(problems.length);
  problems.forEach((problem, index) => {
    expect(found[index]).toContain(problem);
  });
});

it.each([
  ['// eslint-disable-next-line no-console -- the last words of a dying process', 0],
  ['// eslint-disable-next-line no-console', 1],
  ['/* eslint-disable */', 1],
  ['/* eslint-disable -- all of it */', 1],
])('the disabled rule in %j gives %i problems', (text, count) => {
  expect(fileProblems('api/page.ts', text)).toHaveLength(count);
});

it.each([
  ['api/page.ts', 300, 0],
  ['api/page.ts', 301, 1],
  ['api/page.test.ts', 301, 0],
  ['ingest/decode.cases.ts', 301, 0],
  ['tests/support/series.ts', 301, 0],
])('%s with %i lines gives %i problems', (path, lines, count) => {
  expect(fileProblems(path, 'x\n'.repeat(lines))).toHaveLength(count);
});

it('every source file of the project keeps to the rules for files', () => {
  const files = listFiles(PROJECT, isOurs);
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((path) => fileProblems(path, readFileSync(join(PROJECT, path), 'utf8')))).toEqual([]);
});
