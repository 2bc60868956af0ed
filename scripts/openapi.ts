/**
 * Writes the API as an OpenAPI document and its schemas as JSON Schemas to docs/reference; with `--check` it writes
 * nothing and fails where they differ from what the code makes.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { API_VERSION, createParts } from '../api/app.ts';
import { openapiDocument } from '../api/openapi/document.ts';
import { PUBLISHED_SCHEMAS, schemaDocument } from '../api/published-schemas.ts';
import { createWorld } from '../tests/support/api-world.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = 'docs/reference';

/** The documents by their paths. Nothing of what they are made from is asked anything. */
export async function apiDocuments(): Promise<ReadonlyMap<string, string>> {
  const { endpoints, streams } = createParts(createWorld().deps);
  streams.stop();
  const documents: [string, unknown][] = [
    [`${FOLDER}/openapi.json`, openapiDocument(endpoints, API_VERSION)],
    ...Object.keys(PUBLISHED_SCHEMAS).map((name): [string, unknown] => [
      `${FOLDER}/schemas/${name}.json`,
      schemaDocument(name),
    ]),
  ];
  const style = await resolveConfig(join(ROOT, FOLDER, 'openapi.json'));
  const texts = documents.map(async ([path, document]): Promise<[string, string]> => {
    const text = await format(JSON.stringify(document), { ...style, parser: 'json' });
    return [path, text];
  });
  return new Map(await Promise.all(texts));
}

/** Files that are not what the code makes. */
export function staleDocuments(documents: ReadonlyMap<string, string>): readonly string[] {
  const isSame = ([path, text]: readonly [string, string]): boolean =>
    existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8') === text;
  return [...documents].filter((document) => !isSame(document)).map(([path]) => path);
}

function write(documents: ReadonlyMap<string, string>): void {
  for (const [path, text] of documents) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}

if (process.argv[1] === import.meta.filename) {
  const documents = await apiDocuments();
  if (!process.argv.includes('--check')) write(documents);
  const stale = staleDocuments(documents);
  for (const path of stale) console.error(`${path} is out of date: npx tsx scripts/openapi.ts`);
  console.log(`${documents.size} documents of the API, ${stale.length} out of date`);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
