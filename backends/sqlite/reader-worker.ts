/** Entry of a reader thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '../../contracts/errors.ts';
import { toPlainError } from './error-transfer.ts';
import { openForReading } from './open-database.ts';
import type { ReaderThreadData, ToReader } from './reader-messages.ts';
import { PROJECTION_SCHEMA, STORE_SCHEMA } from './schema.ts';
import { SqliteReadModel } from './sqlite-read-model.ts';
import type { ThreadAnswer } from './thread-calls.ts';

if (parentPort === null) throw new InvariantError('reader-worker.ts runs as a thread only');
const port = parentPort;

function say(message: ThreadAnswer): void {
  port.postMessage(message);
}

async function answer(
  model: SqliteReadModel,
  { id, question, ask }: Extract<ToReader, { type: 'ask' }>,
): Promise<void> {
  try {
    const method = model[question].bind(model) as (...ask: readonly unknown[]) => Promise<unknown>;
    say({ type: 'answer', id, value: await method(...ask) });
  } catch (error) {
    say({ type: 'refused', id, error: toPlainError(error) });
  }
}

try {
  const { folder, kind } = workerData as ReaderThreadData;
  const database = openForReading(folder, kind === 'store' ? STORE_SCHEMA : PROJECTION_SCHEMA);
  const model = new SqliteReadModel(database);
  port.on('message', (message: ToReader) => {
    if (message.type === 'close') {
      database.close();
      port.close();
    } else {
      void answer(model, message);
    }
  });
  say({ type: 'ready' });
} catch (error) {
  say({ type: 'failed', error: toPlainError(error) });
  port.close();
}
