/** Entry of the thread that keeps a copy of outcomes. */
import { parentPort, workerData } from 'node:worker_threads';
import { ConfigError, InvariantError } from '../../contracts/errors.ts';
import type { CreateOutcomeReader, OutcomeReader } from '../../contracts/ports/outcome.ts';
import { RESTORE_REMEDY } from './damage.ts';
import type { Database } from './database.ts';
import { toPlainError } from './error-transfer.ts';
import { closeDatabase, openForWriting } from './open-database.ts';
import { unpackMessages, type ProjectionThreadData, type ToProjection } from './projection-messages.ts';
import { addStep, removeOld, retentionClock, type RetentionReport } from './retention.ts';
import { PROJECTION_SCHEMA } from './schema.ts';
import { SqliteProjection } from './sqlite-projection.ts';
import type { ThreadAnswer } from './thread-calls.ts';
import { WalKeeper } from './wal-keeper.ts';

const REMEDY = 'It is a copy of what stands in Kafka: stop, remove the folder, and start again';

function say(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}

/** Nothing is lost with a copy: what helps is another than with a store. */
function withRemedy(error: unknown): unknown {
  if (!(error instanceof ConfigError)) return error;
  return new ConfigError(error.problems.map((problem) => problem.replace(RESTORE_REMEDY, REMEDY)));
}

async function load(module: string): Promise<OutcomeReader> {
  const loaded = (await import(module)) as { createOutcomeReader?: CreateOutcomeReader };
  if (loaded.createOutcomeReader === undefined) throw new InvariantError(`${module} exports no createOutcomeReader`);
  return loaded.createOutcomeReader();
}

/** In steps, between which batches are applied. */
async function retain(
  database: Database,
  { policy, now }: Extract<ToProjection, { type: 'retain' }>,
): Promise<RetentionReport> {
  const report: Record<string, number> = {};
  for (const step of removeOld(database, policy, retentionClock(database, now))) {
    addStep(report, step);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  return report;
}

class ProjectionLoop {
  readonly #database: Database;
  readonly #projection: SqliteProjection;
  readonly #walKeeper: WalKeeper;

  constructor(database: Database, projection: SqliteProjection) {
    this.#database = database;
    this.#projection = projection;
    this.#walKeeper = new WalKeeper(database);
  }

  /** Resolves when it is asked to close. Rejects with what makes the copy useless. */
  serve(): Promise<void> {
    return new Promise((resolve, reject) => {
      parentPort?.on('message', (message: ToProjection) => {
        if (message.type === 'close') resolve();
        else this.#answer(message).catch(reject);
      });
      say({ type: 'ready' });
    });
  }

  async #answer(message: Exclude<ToProjection, { type: 'close' }>): Promise<void> {
    try {
      say({ type: 'answer', id: message.id, value: await this.#act(message) });
    } catch (error) {
      say({ type: 'refused', id: message.id, error: toPlainError(withRemedy(error)) });
      if (message.type === 'apply') this.#walKeeper.makeRoom();
      if (error instanceof ConfigError) throw error;
    }
  }

  async #act(message: Exclude<ToProjection, { type: 'close' }>): Promise<unknown> {
    switch (message.type) {
      case 'start':
        return this.#projection.start();
      case 'apply':
        this.#projection.apply(unpackMessages(message.messages));
        this.#walKeeper.look();
        return this.#projection.progress();
      case 'retain':
        return retain(this.#database, message);
    }
  }
}

async function run({ folder, reader, partitions }: ProjectionThreadData): Promise<void> {
  try {
    const outcomes = await load(reader);
    const database = openForWriting(folder, PROJECTION_SCHEMA);
    try {
      await new ProjectionLoop(database, new SqliteProjection(database, { reader: outcomes, partitions })).serve();
    } finally {
      closeDatabase(database);
    }
  } catch (error) {
    say({ type: 'failed', error: toPlainError(withRemedy(error)) });
  }
  parentPort?.close();
}

await run(workerData as ProjectionThreadData);
