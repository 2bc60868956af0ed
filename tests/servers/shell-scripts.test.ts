/** Shell scripts are held against shellcheck, with every warning. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../deploy/native/missing-server.mjs';
import { listFiles } from '../../scripts/tree.ts';

const ROOT = join(import.meta.dirname, '../..');
/** By their first line: they have no ending. */
const FIRST_LINE = /^#(!.*\b(ba)?sh\b| shellcheck shell=)/;
const isScript = (path: string): boolean => FIRST_LINE.test(readFileSync(join(ROOT, path), 'latin1'));

it('shellcheck has nothing to say', (context) => {
  const scripts = listFiles(ROOT, isScript);
  const known = ['.ci/run', '.ci/servers', 'deploy/native/down', 'deploy/native/up'];
  expect(scripts).toEqual(expect.arrayContaining(known));
  if (findProgram('shellcheck') === undefined) context.skip('no shellcheck: apt-get install shellcheck');
  const { status, stdout } = spawnSync('shellcheck', ['--external-sources', ...scripts], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, '']);
});
