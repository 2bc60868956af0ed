import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../contracts/errors.ts';
import { loadRegistryFiles } from './registry-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const put = async (name: string, content: string | Buffer): Promise<void> => {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), content);
};

describe('loadRegistryFiles', () => {
  it('reads one file whatever its name is', async () => {
    await put('city.txt', 'version: 1\n');
    const path = join(folder, 'city.txt');
    expect(await loadRegistryFiles(path)).toEqual([{ name: path, text: 'version: 1\n' }]);
  });

  it('reads YAML and JSON of a folder and its folders, sorted, and nothing else', async () => {
    for (const name of ['b.yml', 'a.yaml', 'north/c.json', 'README.md', '.git/x.yaml', '.hidden.yaml'])
      await put(name, name);
    const files = await loadRegistryFiles(folder);
    expect(files.map(({ text }) => text)).toEqual(['a.yaml', 'b.yml', 'north/c.json']);
    expect(files[2]?.name).toBe(join(folder, 'north/c.json'));
  });

  it('follows links, also those that lead round', async () => {
    await put('..store/city.yaml', 'mounted');
    await symlink(join(folder, '..store/city.yaml'), join(folder, 'city.yaml'));
    await symlink(folder, join(folder, 'round'));
    expect((await loadRegistryFiles(folder)).map(({ text }) => text)).toEqual(['mounted']);
  });

  it('says what is missing, and what is no text', async () => {
    await put('empty/README.md', '');
    await put('latin.yaml', Buffer.from([0x6e, 0xfc]));
    await symlink(join(folder, 'gone'), join(folder, 'dangling'));
    const refusal = async (name: string): Promise<unknown> =>
      loadRegistryFiles(join(folder, name)).catch((e: unknown) => e);
    for (const [name, text] of [
      ['nowhere', /nowhere: there is no such file or folder\. Check the path\./],
      ['empty', /empty: no registry file in this folder\./],
      ['latin.yaml', /latin\.yaml: not UTF-8 text\. Save it as UTF-8\./],
    ] as const) {
      const error = await refusal(name);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(text);
    }
  });
});
