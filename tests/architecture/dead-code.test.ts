import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { plantTree, PROJECT } from './planted-tree.ts';

interface KnipIssue {
  readonly file: string;
  readonly [kind: string]: unknown;
}

const root = plantTree('dead-code', ['knip.json', 'tsconfig.json']);
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** `kind: name` for everything that knip complains of. */
function complaints(): readonly string[] {
  const knip = join(PROJECT, 'node_modules/knip/bin/knip.js');
  const { stdout, status } = spawnSync(process.execPath, [knip, '--reporter', 'json'], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(1);
  const { files, issues } = JSON.parse(stdout) as {
    readonly files: readonly string[];
    readonly issues: readonly KnipIssue[];
  };
  const named = issues.flatMap((issue) =>
    Object.entries(issue).flatMap(([kind, found]) =>
      Array.isArray(found) ? (found as readonly { readonly name: string }[]).map(({ name }) => `${kind}: ${name}`) : [],
    ),
  );
  return [...files.map((file) => `files: ${file}`), ...named].sort();
}

it('the dead-code guard refuses an unused file, export, type and package and one that is not declared', () => {
  expect(complaints()).toEqual([
    'dependencies: commander',
    'exports: unusedExport',
    'files: contracts/unused-file.ts',
    'types: UnusedType',
    'unlisted: semver',
  ]);
});
