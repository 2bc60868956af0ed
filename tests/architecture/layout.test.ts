import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SHIPPED } from '../../scripts/layout.js';
import { listFiles } from '../../scripts/tree.ts';
import { PROJECT } from './planted-tree.ts';

const readIncluded = (file: string): readonly string[] =>
  (JSON.parse(readFileSync(join(PROJECT, file), 'utf8')) as { readonly include: readonly string[] }).include;

const folders = [
  ...new Set(
    listFiles(PROJECT, (path) => path.endsWith('.ts') && path.includes('/')).map((path) => path.split('/', 1)[0] ?? ''),
  ),
];

it('every folder with code is compiled, and so linted', () => {
  const included = readIncluded('tsconfig.json');
  expect(folders.filter((folder) => !included.includes(folder))).toEqual([]);
});

it('every folder with code is either guarded and shipped, or a tool', () => {
  const shipped = readIncluded('tsconfig.build.json');
  expect(folders.filter((folder) => !shipped.includes(folder) && !['tests', 'scripts'].includes(folder))).toEqual([]);
  expect(shipped.filter((folder) => !SHIPPED.includes(folder))).toEqual([]);
});
