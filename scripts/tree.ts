/** Walking the project: what is ours, without what is installed, built or recorded. */
import { readdirSync, type Dirent } from 'node:fs';
import { join, relative } from 'node:path';

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', 'data', 'tmp']);
const isOurs = (entry: Dirent): boolean =>
  !NOT_OURS.has(entry.name) && (!entry.name.startsWith('.') || entry.name === '.ci');

/** Paths below `root` with `/`, sorted, that `wanted` accepts; hidden, installed and built folders are left out. */
export function listFiles(root: string, wanted: (path: string) => boolean): readonly string[] {
  const visit = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter(isOurs)
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? visit(path) : [relative(root, path).replaceAll('\\', '/')];
      });
  return visit(root).filter(wanted).sort();
}
