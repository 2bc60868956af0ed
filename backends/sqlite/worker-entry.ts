import { Worker } from 'node:worker_threads';

/**
 * Starts a thread of this folder. Emitted code runs as it is; sources are run by `scripts/run-source.mjs`.
 * @param name of the entry file, without its extension
 */
export function startWorker(name: string, workerData: unknown): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, import.meta.url), { workerData });
  const entry = new URL(`./${name}.ts`, import.meta.url).href;
  return new Worker(new URL('../../scripts/run-source.mjs', import.meta.url), { argv: [entry], workerData });
}
