/** The records of one partition as a detector takes them: what an export, a rebuild or a check of a detector reads. */
import type { LogRecord } from '../../contracts/log-record.ts';
import { createSteadyReceived } from '../../contracts/steady-received.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { readRange } from './read-range.ts';
import { readRecords } from './read-records.ts';
import type { RegistryShelf } from './registry-shelf.ts';
import { topicName } from './topics.ts';

/**
 * From the first record that is kept to the last that is committed, in batches, with receive times as they count.
 * @throws UnavailableError where Kafka does not answer
 */
export async function* readLog(
  module: KafkaModule,
  settings: KafkaSettings,
  { partition, shelf }: { readonly partition: number; readonly shelf: RegistryShelf },
): AsyncGenerator<readonly LogRecord[]> {
  const received = createSteadyReceived();
  const range = { topic: topicName(settings, 'log'), partition, fromOffset: 0 };
  for await (const messages of readRange(module, settings, range))
    yield received.steady(await readRecords(messages, shelf));
}
