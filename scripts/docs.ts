/**
 * `npm run docs` writes what is made from the code; `npm run docs:check` fails where that differs from what is there,
 * where a link leads nowhere, and where a page and its twin in the other language have drifted apart.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATORS } from './docs/generator.ts';
import { linkProblems } from './docs/links.ts';
import { twinProblems } from './docs/twins.ts';
import { listFiles } from './tree.ts';

const ROOT = join(import.meta.dirname, '..');

async function generateAll(): Promise<ReadonlyMap<string, string>> {
  const made = await Promise.all(GENERATORS.map(async ({ generate }) => [...(await generate())]));
  return new Map(made.flat());
}

function write(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}

/** Files that are not what their generator makes. */
function stale(files: ReadonlyMap<string, string>): readonly string[] {
  const isSame = ([path, text]: readonly [string, string]): boolean =>
    existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8') === text;
  return [...files].filter((file) => !isSame(file)).map(([path]) => `${path} is out of date: npm run docs`);
}

const generated = await generateAll();
if (!process.argv.includes('--check')) write(generated);
const paths = listFiles(ROOT, (path) => path.endsWith('.md') && !path.startsWith('tests/architecture/planted/'));
const pages = new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
const problems = [...stale(generated), ...linkProblems(ROOT, pages), ...twinProblems(pages)];
for (const problem of problems) console.error(problem);
console.log(`${pages.size} pages, ${generated.size} of them generated, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
