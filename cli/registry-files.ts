/** Registry files from the disk: one file, or every YAML and JSON file of a folder. */
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../contracts/errors.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';

const REGISTRY_FILE = /\.(?:ya?ml|json)$/;
/** Files read at once: a folder of ten thousand must not run out of file handles. */
const AT_ONCE = 32;

/**
 * The text of a registry. A file is read whatever its name is; of a folder and its folders all `*.yaml`, `*.yml` and
 * `*.json`, sorted by path, without names that begin with a dot. Links are followed, as mounted configuration needs.
 * @throws InputError where there is nothing at the path, nothing in the folder, or a file is not UTF-8 text
 */
export async function loadRegistryFiles(path: string): Promise<readonly RegistryText[]> {
  const kind = await kindOf(path);
  const names = kind === 'folder' ? (await registryFilesIn(path, new Set())).toSorted() : [path];
  if (names.length === 0) {
    throw new InputError(`${path}: no registry file in this folder. Put files there that end in .yaml, .yml or .json.`);
  }
  const files: RegistryText[] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    files.push(...(await Promise.all(names.slice(start, start + AT_ONCE).map(readText))));
  }
  return files;
}

async function kindOf(path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function registryFilesIn(folder: string, visited: Set<string>): Promise<string[]> {
  const real = await realpath(folder);
  // A link to a folder above would lead round for ever.
  if (visited.has(real)) return [];
  visited.add(real);
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await kindOf(path)) === 'folder');
    if (isFolder) found.push(...(await registryFilesIn(path, visited)));
    else if (REGISTRY_FILE.test(entry.name)) found.push(path);
  }
  return found;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function readText(name: string): Promise<RegistryText> {
  let bytes: Buffer;
  try {
    bytes = await readFile(name);
  } catch (error) {
    throw unreadable(name, error);
  }
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    throw new InputError(`${name}: not UTF-8 text. Save it as UTF-8.`, { cause: error });
  }
}

function unreadable(path: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT')
    return new InputError(`${path}: there is no such file or folder. Check the path.`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    return new InputError(`${path}: no permission to read it. Let this user read it.`, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new InputError(`${path}: cannot be read (${why}).`, { cause: error });
}
