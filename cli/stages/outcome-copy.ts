/** A process's own copy of what detectors made: filled from Kafka, kept in a folder, read by its API. */
import type { Logger } from 'pino';
import type { FollowedMessage } from '../../backends/kafka/follower-client.ts';
import { openFollower, type Follower } from '../../backends/kafka/follower.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import type { KafkaModule } from '../../backends/kafka/load-client.ts';
import { watchLogLag, type LogLag, type ShownPartition } from '../../backends/kafka/log-lag.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { lockFolder } from '../../backends/sqlite/folder-lock.ts';
import { ProjectionThread } from '../../backends/sqlite/projection-thread.ts';
import type { ProjectionStart } from '../../backends/sqlite/sqlite-projection.ts';
import { ReaderThread } from '../../backends/sqlite/reader-client.ts';
import type { ReadModel } from '../../contracts/ports/read-model.ts';
import type { Tracer } from '../../contracts/ports/tracer.ts';
import type { RetentionPolicy } from '../../backends/sqlite/retention.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import { Opened } from './opened.ts';
import { readModelWith } from './read-model-parts.ts';
import { traced, type TracedMessage } from './traced.ts';

export interface OutcomeCopyOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Its own; whoever else uses it is told of it. */
  readonly folder: string;
  /** Also the values as they came, for series; not where a server has them. */
  readonly keepsSamples: boolean;
  readonly retention: RetentionPolicy;
  readonly logger: Logger;
  readonly tracer?: Tracer | undefined;
}

/** What it did since the start. Only counts up. */
export interface CopyFigures {
  messages: number;
  bytes: number;
  missed: number;
  refused: number;
}

export interface OutcomeCopy {
  readonly model: ReadModel;
  /** Tells this copy from those of other processes: each numbers its changes by itself. */
  readonly id: string;
  readonly figures: Readonly<CopyFigures>;
  readonly follower: Follower;
  readonly lag: LogLag;
  /** Everything was copied that stood there at the start. */
  isCaughtUp(): boolean;
  /** Why nothing can be stored now: a full disk, say. */
  trouble(): Error | undefined;
  /** Calls back after each batch: there may be new changes. */
  onChange(wake: () => void): () => void;
  /** Resolves with what it cannot go on for. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** One transaction: below it, what a start would copy again after a power cut is little; above it, commits cost little. */
const BATCH_BYTES = 8 * 1_048_576;

/** The module that the copy's thread reads messages with, as source or as built. */
function readerModule(): string {
  const name = import.meta.url.endsWith('.ts') ? 'outcome-reader.ts' : 'outcome-reader.js';
  return new URL(`../../backends/kafka/${name}`, import.meta.url).href;
}

/** Each of bounded size, so that a long way to catch up is made in steps. */
function* inBatches(messages: readonly FollowedMessage[]): Generator<readonly FollowedMessage[]> {
  let batch: FollowedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    batch.push(message);
    bytes += message.value.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

interface Copying {
  readonly options: OutcomeCopyOptions;
  readonly thread: ProjectionThread;
  readonly start: ProjectionStart;
  readonly figures: CopyFigures;
  readonly listeners: Set<() => void>;
  applied: readonly number[];
  lastChange: number;
  trouble: Error | undefined;
}

function tracedOf(batch: readonly FollowedMessage[]): readonly TracedMessage[] {
  return batch.flatMap(({ traces, ...message }) => (traces === undefined ? [] : [{ ...message, traces }]));
}

async function apply(copying: Copying, messages: readonly FollowedMessage[]): Promise<void> {
  const { thread, figures, listeners, options } = copying;
  const samples = topicName(options.settings, 'samples');
  for (const batch of inBatches(messages)) {
    const { applied, lastChange, refused } = await traced(
      options.tracer,
      { name: 'api.store', messages: () => tracedOf(batch) },
      () =>
        thread.apply(
          batch.map((message) => ({ ...message, topic: message.topic === samples ? 'samples' : 'outcomes' })),
        ),
      () => ({ messages: batch.length }),
    );
    figures.messages += batch.length;
    for (const { value } of batch) figures.bytes += value.length;
    copying.applied = applied;
    if (refused > figures.refused) options.logger.error({ messages: refused - figures.refused }, 'api.copy.strangers');
    figures.refused = refused;
    if (lastChange === copying.lastChange) continue;
    copying.lastChange = lastChange;
    for (const wake of listeners) wake();
  }
}

function follow(copying: Copying): Promise<Follower> {
  const { module, settings, keepsSamples, logger } = copying.options;
  const positions = copying.start.positions.filter(({ topic }) => topic === 'outcomes' || keepsSamples);
  return openFollower({
    module,
    settings,
    name: 'api',
    places: positions.map((position) => ({
      ...position,
      topic: topicName(settings, position.topic),
      // Values are kept for days only; what a process that was away for longer did not see, it cannot show.
      mayMiss: position.topic === 'samples',
    })),
    take: (messages) => apply(copying, messages),
    onMissed: (missed) => {
      copying.figures.missed += missed.to - missed.from;
      logger.error(missed, 'api.copy.values-missed');
    },
    onTrouble: (error) => {
      copying.trouble = error;
      if (error === undefined) logger.warn({}, 'api.copy.takes-again');
      else logger.error({ err: error }, 'api.copy.refuses');
    },
  });
}

function shownBy(copying: Copying, follower: Follower): readonly ShownPartition[] {
  const outcomes = topicName(copying.options.settings, 'outcomes');
  const atEnd = new Set(
    follower
      .partitions()
      .flatMap(({ topic, partition, behind }) => (topic === outcomes && behind === 0 ? [partition] : [])),
  );
  return copying.applied.map((applied, partition) => ({ applied, isAtEnd: atEnd.has(partition) }));
}

function retainRegularly({ thread, options }: Copying): () => void {
  const timer = setInterval(() => {
    thread.retain(options.retention, Date.now()).catch((err: unknown) => {
      options.logger.warn({ err }, 'api.copy.retention.failed');
    });
  }, HOUR_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

function modelOf(reader: ReaderThread, lag: LogLag): ReadModel {
  return readModelWith(reader, {
    tally: async () => {
      const { counts } = await reader.tally();
      const partitions = lag.partitions();
      const oldest = partitions.flatMap(({ oldestReceived }) => oldestReceived ?? []);
      return {
        counts,
        lagRecords: partitions.reduce((sum, { behind }) => sum + behind, 0),
        oldestUnprocessedAt: oldest.length === 0 ? null : Math.min(...oldest),
      };
    },
  });
}

async function open(options: OutcomeCopyOptions, opened: Opened): Promise<OutcomeCopy> {
  const { settings, folder } = options;
  const lock = lockFolder(folder);
  opened.add(async () => {
    lock.release();
  });
  const thread = await ProjectionThread.start({ folder, reader: readerModule(), partitions: settings.partitions });
  opened.add(() => thread.close());
  const reader = await ReaderThread.start(folder, 'projection');
  opened.add(() => reader.close());
  const start = await thread.positions();
  const { applied, lastChange } = start;
  const figures = { messages: 0, bytes: 0, missed: 0, refused: 0 };
  const copying: Copying = {
    options,
    thread,
    start,
    figures,
    listeners: new Set(),
    applied,
    lastChange,
    trouble: undefined,
  };
  const stopRetention = retainRegularly(copying);
  opened.add(async () => {
    stopRetention();
  });
  return running(copying, reader, opened);
}

async function running(copying: Copying, reader: ReaderThread, opened: Opened): Promise<OutcomeCopy> {
  const { options, thread, start, figures, listeners } = copying;
  const clients = new Opened();
  opened.add(() => clients.closeTogether());
  const follower = await follow(copying);
  clients.add(() => follower.close());
  const lag = await watchLogLag({ ...options, shown: () => shownBy(copying, follower) });
  clients.add(() => lag.close());
  let isCaughtUp = false;
  void follower.ready.then(() => {
    isCaughtUp = true;
  });
  const ended = (what: Promise<Error | undefined>): Promise<Error> =>
    what.then((error) => error ?? new Error('the copy was closed'));
  return {
    model: modelOf(reader, lag),
    id: start.id,
    figures,
    follower,
    lag,
    isCaughtUp: () => isCaughtUp,
    trouble: () => copying.trouble,
    onChange: (wake) => {
      listeners.add(wake);
      return () => listeners.delete(wake);
    },
    failed: Promise.race([follower.failed, lag.failed, ended(thread.ended()), ended(reader.ended())]),
    close: () => opened.close(),
  };
}

/**
 * Opens the folder and begins to fill it; resolves when it can be read, however far it is.
 * @throws UnavailableError where the folder is in use or Kafka is away, ConfigError where the folder is none of a copy
 * or the topics are not those that it was made of
 */
export async function openOutcomeCopy(options: OutcomeCopyOptions): Promise<OutcomeCopy> {
  const opened = new Opened();
  try {
    return await open(options, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
