import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { plantTree } from './planted-tree.ts';

const SHARED = ['vitest.config.ts', 'scripts/test.ts', 'scripts/test-summary.ts', 'tsconfig.json', 'package.json'];
const root = plantTree('test-run', SHARED);
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** What `npm test -- <name>` prints at the end, and its exit code. */
function runTests(name: string): { readonly status: number | null; readonly words: readonly string[] } {
  // The run inside must not believe that it is this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('VITEST')));
  const args = ['--import', 'tsx', 'scripts/test.ts', name];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
  const lines = stdout.trimEnd().split('\n');
  return { status, words: lines.filter((line, index) => line.startsWith('skipped: ') || index === lines.length - 1) };
}

describe('a test run ends with its count, and fails', () => {
  it.each([
    ['not where all tests hold', 'passing', 0, '1 passed, 0 failed, 0 skipped'],
    ['where a test does not hold', 'failing', 1, '1 passed, 1 failed, 0 skipped'],
    ['where a file breaks before its tests', 'broken-file', 1, '0 passed, 1 failed, 0 skipped'],
    ['where a rejection is not handled', 'unhandled', 1, '1 passed, 1 failed, 0 skipped'],
    ['where no test ran', 'there-is-none', 1, '0 passed, 0 failed, 0 skipped'],
  ])('%s', (_, name, status, count) => {
    expect(runTests(name)).toEqual({ status, words: [count] });
  });

  it('not where tests are skipped: they are named with their reason', () => {
    const file = 'contracts/skipping.test.ts > on real servers';
    expect(runTests('skipping')).toEqual({
      status: 0,
      words: [
        `skipped: ${file} > keeps its promise: no server is reachable`,
        `skipped: ${file} > is left out: no reason given`,
        '1 passed, 0 failed, 2 skipped',
      ],
    });
  });
});
