/** `stackwarden registry import PATH`: into the running system through its API, else into the log of the folder. */
import { InputError, UnavailableError } from '../../contracts/errors.ts';
import { formatProblem } from '../../contracts/registry/problem.ts';
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import { openEmbeddedStore } from '../embedded-store.ts';
import { EXIT } from '../exit-code.ts';
import { createRegistryInForce } from '../registry-in-force.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { askServer } from '../running-server.ts';

interface Streams {
  readonly out: { write(text: string): void };
  readonly err: { write(text: string): void };
}

/** @returns the exit code */
export async function runRegistryImport(path: string, folder: string, { out, err }: Streams): Promise<number> {
  const files = await loadRegistryFiles(path);
  const { registry, problems, warnings } = readRegistry(files);
  for (const problem of problems) err.write(`${formatProblem(problem)}\n`);
  for (const warning of warnings) err.write(`${formatProblem(warning, 'warning')}\n`);
  if (registry === undefined || problems.length > 0) return EXIT.input;
  let store: Awaited<ReturnType<typeof openEmbeddedStore>>;
  try {
    store = await openEmbeddedStore(folder);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const answer = await askServer(folder, '/api/v1/registry', { method: 'PUT', body: { files } });
    if (answer.status >= 300)
      throw new InputError(
        `the server refused the registry (${String(answer.status)}): ${JSON.stringify(answer.body)}`,
      );
    out.write(`registry ${registry.version} is in force in the running system: ${String(registry.sites.size)} sites\n`);
    return EXIT.done;
  }
  try {
    const inForce = createRegistryInForce(store.store, Date.now);
    if (store.registryFiles !== null) inForce.follow(store.registryFiles);
    await inForce.import(files);
    out.write(`registry ${registry.version} is in the log of ${folder}: ${String(registry.sites.size)} sites\n`);
  } finally {
    await store.close();
  }
  return EXIT.done;
}
