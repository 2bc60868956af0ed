import { createOutcomeReader } from '../../backends/kafka/outcome-reader.ts';
import { encodeOutcomes, encodeSamples } from '../../backends/kafka/outcome-wire.ts';
import { MemoryLog } from '../../backends/memory/memory-log.ts';
import { closeDatabase, openForReading, openForWriting } from '../../backends/sqlite/open-database.ts';
import { PROJECTION_SCHEMA } from '../../backends/sqlite/schema.ts';
import { SqliteDetectionStore, toAsyncDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog, toAsyncLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteProjection, type ProjectedMessage } from '../../backends/sqlite/sqlite-projection.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { readModelWith } from '../../cli/stages/read-model-parts.ts';
import type { DetectionStore } from '../../contracts/ports/detection-store.ts';
import type { Log } from '../../contracts/ports/log.ts';
import type { ReadModel } from '../../contracts/ports/read-model.ts';
import { describeReadModel } from './read-model.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describeReadModel('sqlite', async () => {
  const { folder, remove } = temporaryFolder();
  const database = openForWriting(folder);
  const reader = openForReading(folder);
  return {
    log: toAsyncLog(new SqliteLog(database)),
    store: toAsyncDetectionStore(new SqliteDetectionStore(database)),
    model: new SqliteReadModel(reader),
    close: async () => {
      reader.close();
      closeDatabase(database);
      remove();
    },
  };
});

/** Commits as a detector of the only partition tells of them; each is a stretch of the log of its own. */
function throughMessages(projection: SqliteProjection): { readonly store: DetectionStore; processed(): number } {
  let offset = 0;
  let stretch = 0;
  let processed = 0;
  const send = (topic: ProjectedMessage['topic'], values: readonly Buffer[]): ProjectedMessage[] =>
    values.map((value) => ({ topic, partition: 0, offset: offset++, value }));
  const store: DetectionStore = {
    commit: async (batch) => {
      const from = stretch;
      stretch += 1;
      processed = batch.nextOffset;
      const outcomes = encodeOutcomes(from, { ...batch, nextOffset: stretch });
      projection.apply([...send('samples', encodeSamples(batch.samples)), ...send('outcomes', outcomes)]);
    },
    nextOffset: async () => stretch,
    readState: async () => [],
  };
  return { store, processed: () => processed };
}

async function lagOf(log: Log, processed: number): Promise<{ lagRecords: number; oldestUnprocessedAt: number | null }> {
  const { next } = await log.bounds();
  const [oldest] = await log.read(processed, 1);
  return { lagRecords: next - processed, oldestUnprocessedAt: oldest?.received ?? null };
}

describeReadModel('a copy of outcomes', async () => {
  const { folder, remove } = temporaryFolder();
  const database = openForWriting(folder, PROJECTION_SCHEMA);
  const reader = openForReading(folder, PROJECTION_SCHEMA);
  const log = new MemoryLog();
  const outcomes = createOutcomeReader();
  const { store, processed } = throughMessages(new SqliteProjection(database, { reader: outcomes, partitions: 1 }));
  const copy = new SqliteReadModel(reader);
  const model: ReadModel = readModelWith(copy, {
    tally: async () => ({ counts: (await copy.tally()).counts, ...(await lagOf(log, processed())) }),
  });
  return {
    log,
    store,
    model,
    close: async () => {
      reader.close();
      closeDatabase(database);
      remove();
    },
  };
});
