/**
 * Records that concern everybody: registries, orders, marks, what is sent through ingest again. In one transaction to
 * all partitions, and in the same order in all of them, whichever processes write.
 *
 * Where nobody takes in reports, such a record would move the clock of detection all the same, and every device would
 * count as silent; so it is led by a tick that says so.
 */
import type { LogEntry, RegistryRecord } from '../../contracts/log-record.ts';
import type { DurableProducer, OutgoingMessage } from './durable-producer.ts';
import { partitionsWithoutIntake } from './intake-gaps.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { messagesOf } from './log-messages.ts';
import { encodeRecord } from './record-wire.ts';
import { encodeRegistry } from './registry-shelf.ts';
import { createSerialWriter } from './serial-writer.ts';
import { topicName } from './topics.ts';

export interface ControlWriter {
  /**
   * All of them or none, those of one partition in their order.
   * @throws UnavailableError where it may or may not have happened: the same again does no harm
   */
  write(entries: readonly LogEntry[]): Promise<void>;
  close(): Promise<void>;
}

export interface ControlWriterOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** For what is too large for a transaction: texts of registries, which mean nothing before they are named. */
  readonly send: DurableProducer['send'];
}

/** Puts the texts on the shelf. @returns the message that completes them, and the record that names them */
async function shelve(
  { settings, send }: ControlWriterOptions,
  record: RegistryRecord,
): Promise<{ readonly head: readonly OutgoingMessage[]; readonly record: RegistryRecord }> {
  const { digest, messages } = encodeRegistry(settings, record.files);
  await send(messages.slice(0, -1));
  return { head: messages.slice(-1), record: { ...record, files: [], digest } };
}

async function prepare(options: ControlWriterOptions, entries: readonly LogEntry[]): Promise<OutgoingMessage[]> {
  const { settings } = options;
  const received = Math.max(...entries.map((entry) => entry.received));
  const silent = await partitionsWithoutIntake(options, received);
  const tick = encodeRecord({ kind: 'tick', received, restarted: true });
  const messages = silent.map((partition) => ({ topic: topicName(settings, 'log'), partition, key: '', value: tick }));
  const made: OutgoingMessage[] = [...messages];
  for (const entry of entries) {
    if (entry.kind !== 'registry') {
      made.push(...messagesOf(settings, entry));
      continue;
    }
    const { head, record } = await shelve(options, entry);
    made.push(...head, ...messagesOf(settings, record));
  }
  return made;
}

export function createControlWriter(options: ControlWriterOptions): ControlWriter {
  const writer = createSerialWriter({ ...options, name: 'control' });
  return {
    write: (entries) => writer.write(() => prepare(options, entries)),
    close: () => writer.close(),
  };
}
