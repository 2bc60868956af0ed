/**
 * `stackwarden registry import PATH`: into the running system through its API, else into the log of the folder; on Kafka
 * into the log itself, whoever runs.
 */
import { resolve } from 'node:path';
import { InputError, UnavailableError } from '../../contracts/errors.ts';
import { formatProblem } from '../../contracts/registry/problem.ts';
import { readRegistry, type RegistryText } from '../../contracts/registry/read-registry.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import type { Config } from '../config.ts';
import { openEmbeddedStore } from '../embedded-store.ts';
import { EXIT } from '../exit-code.ts';
import { createRegistryInForce } from '../registry-in-force.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { askServer } from '../running-server.ts';

interface Streams {
  readonly out: { write(text: string): void };
  readonly err: { write(text: string): void };
}

interface Imported {
  readonly files: readonly RegistryText[];
  readonly registry: Registry;
}

async function importIntoFolder({ files, registry }: Imported, folder: string, { out }: Streams): Promise<void> {
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
    return;
  }
  try {
    const inForce = createRegistryInForce(store.store, Date.now);
    if (store.registryFiles !== null) inForce.follow(store.registryFiles);
    await inForce.import(files);
    out.write(`registry ${registry.version} is in the log of ${folder}: ${String(registry.sites.size)} sites\n`);
  } finally {
    await store.close();
  }
}

async function importIntoKafka({ files, registry }: Imported, config: Config, { out }: Streams): Promise<void> {
  const { putRegistry } = await import('../put-registry.ts');
  const isNew = await putRegistry(files, config);
  const what = isNew ? 'is in the log' : 'was in force already and stays so';
  const where = `on Kafka at ${config.kafkaBrokers ?? ''}`;
  out.write(`registry ${registry.version} ${what} ${where}: ${String(registry.sites.size)} sites\n`);
}

/** @returns the exit code */
export async function runRegistryImport(path: string, config: Config, streams: Streams): Promise<number> {
  const files = await loadRegistryFiles(path);
  const { registry, problems, warnings } = readRegistry(files);
  for (const problem of problems) streams.err.write(`${formatProblem(problem)}\n`);
  for (const warning of warnings) streams.err.write(`${formatProblem(warning, 'warning')}\n`);
  if (registry === undefined || problems.length > 0) return EXIT.input;
  const imported = { files, registry };
  if (config.log === 'kafka') await importIntoKafka(imported, config, streams);
  else await importIntoFolder(imported, resolve(config.data), streams);
  return EXIT.done;
}
