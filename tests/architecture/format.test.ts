import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, getFileInfo, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { listFiles } from '../../scripts/tree.ts';
import { describePlanted, PROJECT, type Complaint } from './planted-tree.ts';

async function checkFormat(root: string, path: string): Promise<readonly Complaint[]> {
  const file = join(root, path);
  const options = await resolveConfig(file);
  const formatted = await check(readFileSync(file, 'utf8'), { ...options, filepath: file });
  return formatted ? [] : [{ path, rule: 'prettier', message: 'not formatted' }];
}

describePlanted('format', ['.prettierrc.json'], async (root) => {
  const paths = listFiles(root, (path) => path.endsWith('.ts'));
  return (await Promise.all(paths.map((path) => checkFormat(root, path)))).flat();
});

it('leaves no code of the project out but the planted faults', async () => {
  const code = listFiles(PROJECT, (path) => /[.](ts|js|mjs)$/.test(path));
  const ignorePath = join(PROJECT, '.prettierignore');
  const ignored = await Promise.all(
    code.map(async (path) => (await getFileInfo(join(PROJECT, path), { ignorePath })).ignored),
  );
  const left = code.filter((path, index) => ignored[index] && !path.startsWith('tests/architecture/planted/'));
  expect(left).toEqual([]);
});
