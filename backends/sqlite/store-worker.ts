/** Entry of the store thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '../../contracts/errors.ts';
import { toPlainError } from './error-transfer.ts';
import { closeDatabase, openForWriting } from './open-database.ts';
import { StoreLoop, type CreateDetector } from './store-loop.ts';
import type { FromStore, StoreThreadData } from './store-messages.ts';

async function load(detector: StoreThreadData['detector']): Promise<CreateDetector | undefined> {
  if (detector === undefined) return undefined;
  const loaded = (await import(detector.module)) as { createDetector?: CreateDetector };
  if (loaded.createDetector === undefined) throw new InvariantError(`${detector.module} exports no createDetector`);
  return loaded.createDetector;
}

async function serve({ folder, detector, waiting }: StoreThreadData): Promise<void> {
  if (parentPort === null) throw new InvariantError('store-worker.ts runs as a thread only');
  const port = parentPort;
  const say = (message: FromStore): void => {
    port.postMessage(message);
  };
  try {
    const create = await load(detector);
    const database = openForWriting(folder);
    try {
      await new StoreLoop(port, database, waiting).run(create, detector?.init);
    } finally {
      closeDatabase(database);
    }
  } catch (error) {
    say({ type: 'failed', error: toPlainError(error) });
  }
  port.close();
}

await serve(workerData as StoreThreadData);
